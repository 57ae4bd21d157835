package io.navarch.expressions.value;

/// How much an evaluation may cost, and how much it has cost. Beside what Kubernetes counts, it counts steps
/// that cost nothing there: comparing lists of lists of the same list could take forever for a cost of one.
public final class Budget {
    /// An evaluation was ended.
    public static final class Exceeded extends RuntimeException {
        private Exceeded(String message) {
            super(message, null, false, false);
        }
    }

    /// Of a text that is made.
    private static final int SIGNS_OF_A_STEP = 4;

    /// Of a text that is looked at, which hardly takes as long.
    private static final int SIGNS_READ_IN_A_STEP = 16;

    private static final long BETWEEN_LOOKS = 4096;

    private final long limit;
    private final Steps together;
    private long cost;
    private long steps;

    /// @param together what all evaluations of a call may take, this one among them
    public Budget(long limit, Steps together) {
        this.limit = limit;
        this.together = together;
    }

    /// An amount that nobody counts.
    public static Budget steps() {
        return new Budget(Long.MAX_VALUE, new Steps(1));
    }

    public long cost() {
        return cost;
    }

    public void spend(long amount) {
        cost += amount;
        if (cost < 0) cost = Long.MAX_VALUE;
        if (cost > limit) throw new Exceeded("operation cancelled: actual cost limit exceeded");
    }

    /// One step of something that may take many.
    public void step() {
        steps(1);
    }

    /// So many signs are about to be added to a text.
    public void grows(long signs) {
        steps(signs / SIGNS_OF_A_STEP + 1);
    }

    /// So many signs are looked at.
    public void reads(long signs) {
        steps(signs / SIGNS_READ_IN_A_STEP + 1);
    }

    public void steps(long more) {
        long before = steps;
        steps += more;
        if (steps > Steps.OF_ONE || !together.take(more)) throw new Exceeded("operation interrupted");
        if (before / BETWEEN_LOOKS != steps / BETWEEN_LOOKS
                && Thread.currentThread().isInterrupted()) throw new Exceeded("operation interrupted");
    }
}
