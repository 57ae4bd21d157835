package io.navarch.admission;

import io.navarch.expressions.value.Steps;

/// What a number of expressions may cost together. For one thread.
final class Cost {
    /// Of the expressions of one policy, for one call and one parameter.
    static final long OF_POLICY = 10_000_000;

    /// Of the conditions of one webhook or policy.
    static final long OF_CONDITIONS = 2_500_000;

    /// Of all policies of one sort, for one call, in evaluations that take as much as one may: a second or two.
    static final int EVALUATIONS = 20;

    /// The same of the conditions of one webhook.
    static final int EVALUATIONS_OF_CONDITIONS = 3;

    static final String SPENT = "validation failed due to running out of cost budget";

    /// Nothing is left.
    static final class SpentException extends RuntimeException {
        SpentException() {
            super(SPENT + ", no further validation rules will be run", null, false, false);
        }
    }

    private final Steps steps;
    private long left;

    /// @param steps what all expressions of the call may take
    Cost(long left, Steps steps) {
        this.left = left;
        this.steps = steps;
    }

    Steps steps() {
        return steps;
    }

    long left() {
        return left;
    }

    void spend(long amount) {
        left -= amount;
        if (left < 0) throw new SpentException();
    }
}
