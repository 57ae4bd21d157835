package io.navarch.kinds.pod;

import java.util.Set;
import java.util.TreeSet;

/// Which fields of a pod its containers may be told.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/downward-api/
public final class DownwardFields {
    static final Set<String> RESOURCES = Set.of(
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage",
            "requests.cpu",
            "requests.memory",
            "requests.ephemeral-storage");
    private static final Set<String> EVERYWHERE = Set.of("metadata.name", "metadata.namespace", "metadata.uid");
    private static final Set<String> ENVIRONMENT = Set.of(
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");
    private static final Set<String> VOLUME = Set.of("metadata.annotations", "metadata.labels");

    private DownwardFields() {}

    public static boolean forEnvironment(String path) {
        return EVERYWHERE.contains(path) || ENVIRONMENT.contains(path) || subscript(path);
    }

    static boolean forVolume(String path) {
        return EVERYWHERE.contains(path) || VOLUME.contains(path) || subscript(path);
    }

    private static boolean subscript(String path) {
        return path.startsWith("metadata.labels['") || path.startsWith("metadata.annotations['");
    }

    /// Whether a path names a field that can be told somewhere, if not here.
    static boolean known(String path) {
        return forEnvironment(path)
                || forVolume(path)
                || path.equals("spec.restartPolicy")
                || path.equals("status.phase");
    }

    static boolean resource(String name) {
        return RESOURCES.contains(name)
                || name.startsWith("limits.hugepages-")
                || name.startsWith("requests.hugepages-");
    }

    static Set<String> environment() {
        return together(ENVIRONMENT);
    }

    static Set<String> volume() {
        return together(VOLUME);
    }

    private static Set<String> together(Set<String> more) {
        var result = new TreeSet<>(EVERYWHERE);
        result.addAll(more);
        return result;
    }
}
