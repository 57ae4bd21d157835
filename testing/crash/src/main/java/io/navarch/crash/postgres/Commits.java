package io.navarch.crash.postgres;

import java.util.BitSet;

/// The rows of one writer, which are numbered: which were sent, and of which the server has said that they are
/// committed.
final class Commits {
    private final BitSet acknowledged = new BitSet();
    private int next;

    /// A number that was never sent.
    synchronized int next() {
        return next++;
    }

    synchronized void acknowledge(int number) {
        acknowledged.set(number);
    }

    synchronized int count() {
        return acknowledged.cardinality();
    }

    /// How many were sent and never answered.
    synchronized int unknown() {
        return next - acknowledged.cardinality();
    }

    synchronized BitSet acknowledged() {
        return (BitSet) acknowledged.clone();
    }

    synchronized boolean sent(long number) {
        return number >= 0 && number < next;
    }
}
