package io.navarch.agent.act;

import io.navarch.model.EventType;
import io.navarch.objects.Lens;

/// Where Events about pods and their node go.
public interface EventSink {
    EventSink NOWHERE = (about, type, reason, message, fieldPath) -> {};

    /// @param fieldPath the container meant, such as `spec.containers{web}`, or `""`
    void record(Lens about, EventType type, String reason, String message, String fieldPath);
}
