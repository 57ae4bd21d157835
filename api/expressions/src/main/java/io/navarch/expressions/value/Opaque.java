package io.navarch.expressions.value;

/// A value of a type that is not CEL's own.
public interface Opaque {
    String typeName();

    /// How much there is of it, for what it costs.
    default long size() {
        return 1;
    }

    /// Whether `==` looks at all of it at once.
    default boolean same(Opaque other) {
        return equals(other);
    }
}
