package io.navarch.agent.credentials;

/// A program does not tell logins; the message contains none.
final class ProviderException extends Exception {
    ProviderException(String message) {
        super(message);
    }
}
