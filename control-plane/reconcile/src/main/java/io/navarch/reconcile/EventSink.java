package io.navarch.reconcile;

import io.navarch.model.EventType;
import io.navarch.objects.View;

/// Where Events go.
@FunctionalInterface
public interface EventSink {
    void record(View about, EventType type, String reason, String message);
}
