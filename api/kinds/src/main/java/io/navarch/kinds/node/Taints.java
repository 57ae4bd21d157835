package io.navarch.kinds.node;

import io.navarch.model.Pod;
import io.navarch.model.Taint;
import io.navarch.model.TaintEffect;
import io.navarch.model.Toleration;
import io.navarch.model.TolerationOperator;

/// When a toleration covers a taint, and the taints that the cluster itself sets.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
public final class Taints {
    public static final String NOT_READY = "node.kubernetes.io/not-ready";
    public static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    public static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    public static final String DISK_PRESSURE = "node.kubernetes.io/disk-pressure";
    public static final String MEMORY_PRESSURE = "node.kubernetes.io/memory-pressure";
    public static final String PID_PRESSURE = "node.kubernetes.io/pid-pressure";
    public static final String NETWORK_UNAVAILABLE = "node.kubernetes.io/network-unavailable";

    private Taints() {}

    public static boolean tolerates(Toleration toleration, Taint taint) {
        return covers(toleration, taint.key(), taint.effect())
                && (toleration.operator() == TolerationOperator.EXISTS
                        || toleration.value().equals(taint.value()));
    }

    /// Whether a toleration is about taints of this key and effect, whatever their value.
    public static boolean covers(Toleration toleration, String key, TaintEffect effect) {
        return (toleration.effect() == TaintEffect.UNSET || toleration.effect() == effect)
                && (toleration.key().isEmpty() || toleration.key().equals(key));
    }

    /// Whether any toleration of a pod does.
    public static boolean toleratedBy(Pod pod, Taint taint) {
        return pod.spec().tolerations().stream().anyMatch(toleration -> tolerates(toleration, taint));
    }
}
