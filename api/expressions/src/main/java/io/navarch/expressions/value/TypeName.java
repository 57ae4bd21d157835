package io.navarch.expressions.value;

/// A type as a value: what `type(x)` comes to.
public record TypeName(String name) {
    @Override
    public String toString() {
        return name;
    }
}
