package io.navarch.process;

/// A configuration cannot be used, or what it names.
public final class ConfigurationException extends RuntimeException {
    public ConfigurationException(String message) {
        super(message);
    }
}
