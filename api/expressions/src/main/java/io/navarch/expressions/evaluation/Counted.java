package io.navarch.expressions.evaluation;

/// Something that costs a fixed amount when it has been evaluated, beside its parts.
record Counted(Step step, int cost) implements Step {
    @Override
    public Object run(Frame frame) {
        var value = step.run(frame);
        frame.budget.spend(cost);
        return value;
    }
}
