package io.navarch.expressions;

/// What an expression that was compiled is.
///
/// @param error what is wrong with it, in Kubernetes' words, or `""`
/// @param type the type of the expression as a [CelEnvironment] writes it; `dyn` if there is an error
public record Outcome(String error, String type) {}
