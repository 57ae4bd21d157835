package io.navarch.expressions.value;

/// CEL's `null`.
public enum Null {
    NULL;

    @Override
    public String toString() {
        return "null";
    }
}
