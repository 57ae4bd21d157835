package io.navarch.agent.garbage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;

/// What becomes of the older parts of a log when the latest becomes one of them.
///
/// @param removed names of files
/// @param compressed names of files
public record RotatedLogs(List<String> removed, List<String> compressed) {
    static final String COMPRESSED = ".gz";
    static final String UNFINISHED = ".tmp";

    /// @param parts names of the older parts, each with its time at the end: the order of their names is their own
    /// @param most files of one log, with the one that is written
    public static RotatedLogs of(Collection<String> parts, int most) {
        var all = new HashSet<>(parts);
        var removed = new ArrayList<String>();
        var kept = new ArrayList<String>();
        for (var part : parts.stream().sorted().toList()) {
            boolean unused = part.endsWith(UNFINISHED) || all.contains(part + COMPRESSED);
            (unused ? removed : kept).add(part);
        }
        // Besides these there are the one that is written and the one that was until now.
        int tooMany = Math.max(0, kept.size() - Math.max(0, most - 2));
        removed.addAll(kept.subList(0, tooMany));
        var compressed = kept.subList(tooMany, kept.size()).stream()
                .filter(part -> !part.endsWith(COMPRESSED))
                .toList();
        return new RotatedLogs(List.copyOf(removed), compressed);
    }
}
