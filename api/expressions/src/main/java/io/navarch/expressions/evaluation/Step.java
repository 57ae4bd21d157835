package io.navarch.expressions.evaluation;

/// A part of an expression that can be evaluated.
interface Step {
    /// @return a value or a [Failure]
    Object run(Frame frame);
}
