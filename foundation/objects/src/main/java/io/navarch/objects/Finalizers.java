package io.navarch.objects;

/// The finalizers that are Kubernetes' own.
///
/// Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
public final class Finalizers {
    /// Dependents lose their owner before it goes.
    public static final String ORPHAN = "orphan";
    /// Dependents go before their owner.
    public static final String FOREGROUND = "foregroundDeletion";
    /// What is in a namespace goes before it.
    public static final String KUBERNETES = "kubernetes";

    private Finalizers() {}

    /// Whether it is clear whose a finalizer is: Kubernetes' own, or that of the domain it begins with.
    public static boolean owned(String finalizer) {
        return finalizer.contains("/")
                || switch (finalizer) {
                    case ORPHAN, FOREGROUND, KUBERNETES -> true;
                    default -> false;
                };
    }
}
