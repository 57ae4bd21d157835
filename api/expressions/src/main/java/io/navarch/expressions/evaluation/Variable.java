package io.navarch.expressions.evaluation;

/// A variable by its name.
record Variable(String name) implements Step {
    @Override
    public Object run(Frame frame) {
        return frame.find(name);
    }
}
