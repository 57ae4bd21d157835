package io.navarch.comparison;

import java.util.List;

/// How the answers to one call differ.
///
/// @param details one line for each place, ours first
public record Difference(Call call, Sort sort, List<String> details) {
    /// What kind of difference it is; the first that applies.
    public enum Sort {
        /// One of the two gave no answer at all.
        NO_ANSWER,
        /// Ours takes what the original refuses.
        TOO_LAX,
        /// Ours refuses what the original takes.
        TOO_STRICT,
        /// Both refuse, with other codes or reasons.
        CODE,
        /// Both refuse, for other causes or in other words.
        MESSAGE,
        /// Both take it and answer with something else.
        BODY,
        WARNING,
        HEADER
    }
}
