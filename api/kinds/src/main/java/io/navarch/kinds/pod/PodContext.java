package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.PodResourceClaim;
import io.navarch.model.PodSpec;
import io.navarch.model.RestartPolicy;
import io.navarch.model.Volume;
import java.util.List;
import java.util.Map;

/// What the rules of a pod's parts need to know of the pod.
///
/// @param volumes the volumes that can be mounted, by name: those with which nothing is wrong
/// @param check where errors go
record PodContext(PodSpec spec, Map<String, Volume> volumes, Check check) {
    /// The names by which containers may refer to the pod's claims of devices.
    List<String> claims() {
        return spec.resourceClaims().stream()
                .map(PodResourceClaim::name)
                .filter(name -> !name.isEmpty())
                .sorted()
                .distinct()
                .toList();
    }

    boolean neverRestarts() {
        return spec.restartPolicy() == RestartPolicy.NEVER;
    }

    /// Whether users in containers are those of the node.
    boolean hostUsers() {
        return spec.hostUsersOr(true);
    }

    /// How many seconds the pod is given to end.
    long grace() {
        return spec.terminationGracePeriodSeconds();
    }
}
