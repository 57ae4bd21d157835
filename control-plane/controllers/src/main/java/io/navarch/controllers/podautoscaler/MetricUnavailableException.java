package io.navarch.controllers.podautoscaler;

/// What could not be read, in words for conditions and events.
public final class MetricUnavailableException extends RuntimeException {
    private final String why;

    public MetricUnavailableException(String why) {
        super(why);
        this.why = why;
    }

    public String why() {
        return why;
    }
}
