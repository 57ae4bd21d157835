package io.navarch.agent.numa;

import java.util.List;
import java.util.Optional;

/// From which NUMA nodes something could be given.
///
/// @param nodes empty when it does not matter
/// @param preferred whether nothing closer together would do
public record Hint(Optional<NodeMask> nodes, boolean preferred) {
    /// Nobody has said anything.
    public static final Hint UNKNOWN = new Hint(Optional.empty(), false);

    /// Where it comes from does not matter.
    public static final List<Hint> ANYWHERE = List.of(new Hint(Optional.empty(), true));

    /// It cannot be given.
    public static final List<Hint> NOWHERE = List.of(UNKNOWN);

    public static Hint of(NodeMask nodes, boolean preferred) {
        return new Hint(Optional.of(nodes), preferred);
    }

    /// Hints of which those are preferred that need the fewest nodes.
    public static List<Hint> preferringFewest(List<NodeMask> possible, int fewest) {
        return possible.isEmpty()
                ? NOWHERE
                : possible.stream()
                        .map(nodes -> of(nodes, nodes.count() == fewest))
                        .toList();
    }
}
