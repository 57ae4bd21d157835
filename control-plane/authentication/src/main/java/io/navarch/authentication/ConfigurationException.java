package io.navarch.authentication;

/// A configuration of authentication cannot be used.
public final class ConfigurationException extends RuntimeException {
    ConfigurationException(String message) {
        super(message);
    }
}
