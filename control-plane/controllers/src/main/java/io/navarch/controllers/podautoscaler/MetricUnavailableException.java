package io.navarch.controllers.podautoscaler;

/// What could not be read, in words for conditions and events.
public final class MetricUnavailableException extends RuntimeException {
    public MetricUnavailableException(String message) {
        super(message);
    }
}
