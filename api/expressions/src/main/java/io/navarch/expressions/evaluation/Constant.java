package io.navarch.expressions.evaluation;

/// A value that is always the same. It costs nothing.
record Constant(Object value) implements Step {
    @Override
    public Object run(Frame frame) {
        return value;
    }
}
