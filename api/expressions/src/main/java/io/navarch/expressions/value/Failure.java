package io.navarch.expressions.value;

/// Why there is no value. It is a value itself: `||` and `&&` can do without one side.
public record Failure(String message) {
    public static final Failure NO_OVERLOAD = new Failure("no such overload");
}
