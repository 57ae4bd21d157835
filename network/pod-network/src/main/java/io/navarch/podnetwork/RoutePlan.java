package io.navarch.podnetwork;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How the routes that are there become those that are wanted.
///
/// @param removed first, because there is one route to a network
record RoutePlan(List<PodRoute> removed, List<PodRoute> added) {
    /// @param present of our own making
    static RoutePlan of(Collection<PodRoute> wanted, Collection<PodRoute> present) {
        Set<PodRoute> those = new HashSet<>(wanted);
        Set<PodRoute> these = new HashSet<>(present);
        return new RoutePlan(
                present.stream().filter(each -> !those.contains(each)).toList(),
                wanted.stream().filter(each -> !these.contains(each)).toList());
    }
}
