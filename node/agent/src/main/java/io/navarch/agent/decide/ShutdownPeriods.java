package io.navarch.agent.decide;

import io.navarch.model.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// How long pods have to end when the machine is shut down, by their priority: the less important go first.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/
///
/// @param all by rising priority; empty when nobody waits for pods
public record ShutdownPeriods(List<Period> all) {
    public static final ShutdownPeriods NONE = new ShutdownPeriods(List.of());

    private static final int CRITICAL = 2_000_000_000;

    public ShutdownPeriods {
        all = all.stream().sorted(Comparator.comparingInt(Period::priority)).toList();
    }

    /// @param priority from which on it is for a pod
    public record Period(int priority, long seconds) {}

    /// Those that go at the same time.
    public record Group(long seconds, List<Pod> pods) {
        /// How long one of them has: no longer than it wants.
        public long grace(Pod pod) {
            return pod.spec().hasTerminationGracePeriodSeconds()
                    ? Math.min(seconds, pod.spec().terminationGracePeriodSeconds())
                    : seconds;
        }
    }

    /// @param whole seconds that a shutdown waits
    /// @param critical of these the ones for pods that are there for the system itself
    public static ShutdownPeriods of(long whole, long critical) {
        if (whole == 0) return NONE;
        return new ShutdownPeriods(List.of(new Period(0, whole - critical), new Period(CRITICAL, critical)));
    }

    /// Whether there are only those that the system itself needs, and all others.
    public boolean simple() {
        return all.isEmpty()
                || all.size() == 2
                        && all.getFirst().priority() == 0
                        && all.getLast().priority() == CRITICAL;
    }

    /// How long all of them take together.
    public long seconds() {
        return all.stream().mapToLong(Period::seconds).sum();
    }

    /// In the order in which they go; those of which there are none are left out.
    public List<Group> groups(Collection<Pod> pods) {
        var groups = new ArrayList<Group>();
        for (int i = 0; i < all.size(); i++) {
            int here = i;
            var those = pods.stream().filter(pod -> index(pod) == here).toList();
            if (!those.isEmpty()) groups.add(new Group(all.get(i).seconds(), those));
        }
        return groups;
    }

    /// The highest priority that a pod comes up to; the lowest for who comes up to none.
    private int index(Pod pod) {
        int found = 0;
        for (int i = 0; i < all.size(); i++)
            if (all.get(i).priority() <= pod.spec().priority()) found = i;
        return found;
    }
}
