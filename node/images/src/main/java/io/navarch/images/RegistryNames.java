package io.navarch.images;

import java.util.Set;

/// What the registry of the cluster is called by those in the cluster.
///
/// @param domain of the cluster
public record RegistryNames(String domain) {
    public static final String NAMESPACE = "kube-system";
    public static final String SERVICE = "registry";

    /// The one under which images are kept.
    public static final String CANONICAL = SERVICE + "." + NAMESPACE + ".svc";

    /// All of them, without a port.
    public Set<String> all() {
        return Set.of(CANONICAL, CANONICAL + "." + domain, SERVICE + "." + NAMESPACE);
    }

    /// A registry's name, with one for all that this one has.
    String canonical(String registry) {
        return all().contains(registry.replaceFirst(":443$", "")) ? CANONICAL : registry;
    }
}
