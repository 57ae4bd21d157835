package io.navarch.expressions.value;

/// How many steps a number of evaluations may take together. For one thread.
public final class Steps {
    /// As many as one may take, beside what it costs: some hundredths of a second.
    static final long OF_ONE = 4_000_000;

    private long left;

    /// @param evaluations how many of them may take as much as one may
    public Steps(int evaluations) {
        left = evaluations * OF_ONE;
    }

    /// @return whether there were as many left
    boolean take(long steps) {
        left -= steps;
        return left >= 0;
    }
}
