package io.navarch.http;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// Bytes that wait for somebody slow: heads and bodies of requests that nobody has read yet, answers that clients have
/// not taken. Of a server's there is a part for each client, so that one alone makes it scarce for itself only.
final class Backlog {
    private final long most;
    private final Optional<Backlog> whole;
    private final AtomicLong waiting = new AtomicLong();

    private final BooleanSupplier scarce;

    private Backlog(long most, BooleanSupplier scarce, Optional<Backlog> whole) {
        this.most = most;
        this.scarce = scarce;
        this.whole = whole;
    }

    /// @param scarce whether memory is, on account of something else
    static Backlog of(long most, BooleanSupplier scarce) {
        return new Backlog(most, scarce, Optional.empty());
    }

    /// For what this process itself has asked others for.
    static Backlog unbounded() {
        return of(Long.MAX_VALUE, () -> false);
    }

    /// A part of this one that has a bound of its own.
    Backlog part(long most) {
        return new Backlog(most, scarce, Optional.of(this));
    }

    void add(long bytes) {
        waiting.addAndGet(bytes);
        whole.ifPresent(each -> each.add(bytes));
    }

    /// Whether nobody may hold more than a little any longer.
    boolean tight() {
        return waiting.get() > most / 2
                || scarce.getAsBoolean()
                || whole.isPresent() && whole.get().tight();
    }

    /// Whether nothing new may begin.
    boolean full() {
        return waiting.get() > most || whole.isPresent() && whole.get().full();
    }

    long waiting() {
        return waiting.get();
    }
}
