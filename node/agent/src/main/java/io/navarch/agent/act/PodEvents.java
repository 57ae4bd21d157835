package io.navarch.agent.act;

import io.navarch.agent.decide.PodLifecycle;
import io.navarch.model.EventType;
import io.navarch.model.Pod;

/// Events about pods and their containers.
public record PodEvents(EventSink sink) {
    public void normal(Pod pod, String container, String reason, String message) {
        sink.record(pod, EventType.NORMAL, reason, message, fieldPath(pod, container));
    }

    public void warning(Pod pod, String container, String reason, String message) {
        sink.record(pod, EventType.WARNING, reason, message, fieldPath(pod, container));
    }

    /// About the pod as a whole.
    public void normal(Pod pod, String reason, String message) {
        sink.record(pod, EventType.NORMAL, reason, message, "");
    }

    /// About the pod as a whole.
    public void warning(Pod pod, String reason, String message) {
        sink.record(pod, EventType.WARNING, reason, message, "");
    }

    private static String fieldPath(Pod pod, String container) {
        var list = "containers";
        if (PodLifecycle.initSpec(pod, container).exists()) list = "initContainers";
        if (PodLifecycle.ephemeralSpec(pod, container).exists()) list = "ephemeralContainers";
        return "spec." + list + "{" + container + "}";
    }
}
