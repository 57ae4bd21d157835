package io.navarch.expressions.value;

import java.util.function.Supplier;

/// Why there is no value. It is a value itself: `||` and `&&` can do without one side, and then nobody reads why:
/// what has texts of others in it is written when it is read.
public final class Failure {
    public static final Failure NO_OVERLOAD = new Failure("no such overload");

    private final Supplier<String> text;

    public Failure(String message) {
        this(() -> message);
    }

    public Failure(Supplier<String> text) {
        this.text = text;
    }

    public String message() {
        return text.get();
    }

    @Override
    public String toString() {
        return message();
    }
}
