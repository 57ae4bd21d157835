package io.navarch.agent.cpus;

import io.navarch.agent.numa.CpuSet;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which processors containers have for themselves.
///
/// @param shared by all others
/// @param exclusive by the pod's uid, and the container's name
public record CpuAssignments(CpuSet shared, SortedMap<String, SortedMap<String, CpuSet>> exclusive) {
    public static final CpuAssignments NONE = new CpuAssignments(CpuSet.EMPTY, new TreeMap<>());

    public CpuAssignments {
        var copy = new TreeMap<String, SortedMap<String, CpuSet>>();
        exclusive.forEach(
                (uid, containers) -> copy.put(uid, Collections.unmodifiableSortedMap(new TreeMap<>(containers))));
        exclusive = Collections.unmodifiableSortedMap(copy);
    }

    Map<String, CpuSet> of(String uid) {
        return exclusive.getOrDefault(uid, new TreeMap<>());
    }

    Optional<CpuSet> of(String uid, String container) {
        return Optional.ofNullable(of(uid).get(container));
    }

    CpuSet ofPod(String uid) {
        return of(uid).values().stream().reduce(CpuSet.EMPTY, CpuSet::plus);
    }

    CpuAssignments with(String uid, String container, CpuSet cpus) {
        var all = new TreeMap<>(exclusive);
        var containers = new TreeMap<>(of(uid));
        containers.put(container, cpus);
        all.put(uid, containers);
        return new CpuAssignments(shared.minus(cpus), all);
    }

    CpuAssignments without(String uid) {
        if (!exclusive.containsKey(uid)) return this;
        var all = new TreeMap<>(exclusive);
        all.remove(uid);
        return new CpuAssignments(shared.plus(ofPod(uid)), all);
    }

    CpuAssignments keeping(Set<String> uids) {
        var result = this;
        for (var uid : exclusive.keySet()) if (!uids.contains(uid)) result = result.without(uid);
        return result;
    }
}
