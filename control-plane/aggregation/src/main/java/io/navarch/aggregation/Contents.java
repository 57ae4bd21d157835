package io.navarch.aggregation;

import io.navarch.apiserver.delegation.RegisteredVersion.Elsewhere;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is known of what a server behind an APIService serves.
///
/// @param tag by which its discovery can be asked for again if it has changed
/// @param two its part of OpenAPI 2
/// @param three its document of OpenAPI 3
record Contents(Elsewhere discovery, String tag, Two two, Optional<PublishedThree> three) {
    static final Contents UNKNOWN =
            new Contents(new Elsewhere(List.of(), false), "", new Two(Optional.empty(), ""), Optional.empty());

    /// @param tag by which it can be asked for again if it has changed
    record Two(Optional<Map<String, Object>> document, String tag) {}

    Contents with(Elsewhere other, String otherTag) {
        return new Contents(other, otherTag, two, three);
    }

    /// Nothing is known any more of the resources; clients go on with what they know of their schemas.
    Contents stale() {
        return new Contents(new Elsewhere(List.of(), false), "", two, three);
    }

    Contents with(Two otherTwo, Optional<PublishedThree> otherThree) {
        return new Contents(discovery, tag, otherTwo, otherThree);
    }
}
