package io.navarch.agent.act;

import io.navarch.model.EventType;
import io.navarch.model.Pod;

/// Where Events about pods go.
public interface EventSink {
    EventSink NOWHERE = (pod, type, reason, message, fieldPath) -> {};

    /// @param fieldPath the container meant, such as `spec.containers{web}`, or `""`
    void record(Pod pod, EventType type, String reason, String message, String fieldPath);
}
