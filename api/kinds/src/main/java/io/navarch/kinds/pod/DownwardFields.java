package io.navarch.kinds.pod;

import java.util.Set;

/// Which fields of a pod its containers may be told.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/downward-api/
public final class DownwardFields {
    private static final Set<String> ENVIRONMENT = Set.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs",
            "metadata.annotations",
            "metadata.labels");

    private DownwardFields() {}

    public static boolean forEnvironment(String path) {
        return ENVIRONMENT.contains(path) && !path.equals("metadata.annotations") && !path.equals("metadata.labels")
                || path.startsWith("metadata.labels['")
                || path.startsWith("metadata.annotations['");
    }
}
