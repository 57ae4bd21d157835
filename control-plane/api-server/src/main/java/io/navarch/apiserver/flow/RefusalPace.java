package io.navarch.apiserver.flow;

/// When those who are refused are told so: the first ones at once, further ones one after the other. Whoever floods has
/// only so many calls under way, so that he asks no faster than he is answered; and his next calls do not all stand
/// before the others at the same time.
final class RefusalPace {
    /// So many are told at once.
    private static final int FIRST = 16;

    /// What lies between two answers.
    private static final long GAP = 2_000_000;

    /// How long nearly everybody is held at the most, however many there are.
    private static final long LONGEST = 1_000_000_000;

    /// When the last of those was told, or is to be, who know already. Nothing is saved up beyond the first ones.
    private long last;

    private int held;

    RefusalPace(long nanos) {
        last = nanos - FIRST * GAP;
    }

    /// One more is refused, and must be taken back by [#told].
    ///
    /// @return for how long it is to be held, in nanoseconds
    synchronized long hold(long now) {
        held++;
        long gap = Math.min(GAP, LONGEST / held);
        last = Math.max(last, now - FIRST * GAP) + gap;
        return Math.clamp(last - now, 0, LONGEST);
    }

    synchronized void told() {
        held--;
    }
}
