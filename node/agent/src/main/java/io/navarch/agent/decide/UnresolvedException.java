package io.navarch.agent.decide;

/// A pod refers to something that is not there. Its container cannot start until it is.
public final class UnresolvedException extends RuntimeException {
    public UnresolvedException(String message) {
        super(message);
    }
}
