package io.navarch.apiserver.flow;

/// How many seats a level's calls want, over time: those they have and those they wait for.
final class SeatDemand {
    /// @param highest the most that were wanted at any time
    record Seen(double average, double deviation, int highest) {}

    private int wanted;
    private long sinceNanos;
    private long beganNanos;
    private double sum;
    private double squares;
    private int highest;

    SeatDemand(long nowNanos) {
        sinceNanos = nowNanos;
        beganNanos = nowNanos;
    }

    synchronized void set(int seats, long nowNanos) {
        pass(nowNanos);
        wanted = seats;
        highest = Math.max(highest, seats);
    }

    private void pass(long nowNanos) {
        double span = nowNanos - sinceNanos;
        sum += wanted * span;
        squares += (double) wanted * wanted * span;
        sinceNanos = nowNanos;
    }

    /// What was seen since the last look; from now on it is seen anew.
    synchronized Seen take(long nowNanos) {
        pass(nowNanos);
        double span = nowNanos - beganNanos;
        double average = span > 0 ? sum / span : wanted;
        double variance = span > 0 ? squares / span - average * average : 0;
        var seen = new Seen(average, Math.sqrt(Math.max(0, variance)), highest);
        sum = 0;
        squares = 0;
        beganNanos = nowNanos;
        highest = wanted;
        return seen;
    }
}
