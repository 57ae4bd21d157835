package io.navarch.agent.credentials;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A program that knows logins, as the node's configuration names it.
///
/// @param name of the program in its directory
/// @param apiVersion that it speaks
/// @param images patterns of those that it knows logins for
/// @param kept how long its answers count that do not say so
/// @param tokens of accounts that it is given
public record ProviderConfig(
        String name,
        String apiVersion,
        List<String> arguments,
        Map<String, String> environment,
        List<String> images,
        Duration kept,
        Optional<Tokens> tokens) {
    /// @param required whether it is asked only for pods that have an account
    /// @param requiredNotes annotations without which an account's pods are none of its business
    /// @param optionalNotes that it is told of besides
    /// @param keptByToken whether its answers count for one token, rather than for the account
    public record Tokens(
            String audience,
            boolean required,
            List<String> requiredNotes,
            List<String> optionalNotes,
            boolean keptByToken) {}
}
