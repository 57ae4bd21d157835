package io.navarch.apiserver.flow;

import java.util.ArrayDeque;

/// Calls that wait in line, and how far the queue has been served. Times are in seconds.
///
/// @param <T> a call
final class FairQueue<T> {
    final ArrayDeque<T> waiting = new ArrayDeque<>();
    private int served;
    /// Seat-seconds of progress at which the next call begins.
    double next;
    /// Seat-seconds of those that wait.
    double work;
    /// Seats of those that are served, and the sum of when each of them was taken.
    private double seats;

    private double since;

    /// Whether it had nothing to do before its first call came.
    boolean fresh;

    boolean idle() {
        return waiting.isEmpty() && served == 0;
    }

    void serve(int taken, double now) {
        served++;
        with(taken, now);
    }

    void with(int taken, double now) {
        seats += taken;
        since += taken * now;
    }

    void end(int taken, double when) {
        served--;
        without(taken, when);
    }

    /// A call has no seats any more, or has lent them.
    ///
    /// @param when it took them
    void without(int taken, double when) {
        seats = served == 0 ? 0 : seats - taken;
        since = served == 0 ? 0 : since - taken * when;
    }

    /// Seat-seconds that those who are served have had beyond what the queue was charged for them. Nobody
    /// knows how much it will be, but whoever holds all seats for long is not to get the next one as well.
    double owed(double now) {
        return Math.max(0, seats * (now - Work.SERVICE) - since);
    }
}
