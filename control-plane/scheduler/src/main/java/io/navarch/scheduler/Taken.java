package io.navarch.scheduler;

import io.navarch.kinds.pod.HostPort;
import io.navarch.objects.ObjectKey;
import java.util.List;
import java.util.Map;

/// What a pod takes of a node. Amounts are in thousandths for `cpu`, else in units.
///
/// @param requests what its containers request
/// @param assumed the same, in which a container without requests counts as something, to compare nodes by
/// @param claims that its volumes stand for
/// @param priority a pod of a higher one may take its place
record Taken(
        Map<String, Long> requests,
        Map<String, Long> assumed,
        List<HostPort> hostPorts,
        List<ObjectKey> claims,
        int priority) {
    static final Taken NOTHING = new Taken(Map.of(), Map.of(), List.of(), List.of(), 0);
}
