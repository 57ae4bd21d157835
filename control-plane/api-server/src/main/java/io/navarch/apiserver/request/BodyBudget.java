package io.navarch.apiserver.request;

import io.navarch.objects.ApiException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// How many bytes of bodies may be in memory at a time: what is made of a body takes several times as much, and
/// a heap that is full ends everybody's calls. Nobody waits for others' bodies; whoever finds no room comes
/// again.
public final class BodyBudget {
    /// A body's object, its form before and after, the fields that somebody then owns, and what is written take about
    /// so much for each byte: a map of a third of a million short keys takes 30 times its size.
    private static final int FACTOR = 32;

    private final long most;
    /// What is shorter finds room in any heap.
    private static final int SMALL = 64 << 10;

    private final BooleanSupplier scarce;
    private final AtomicLong taken = new AtomicLong();

    /// @param most bytes of bodies
    public BodyBudget(long most) {
        this(most, () -> false);
    }

    private BodyBudget(long most, BooleanSupplier scarce) {
        this.most = most;
        this.scarce = scarce;
    }

    /// Half of a heap, for bodies and what is made of them.
    ///
    /// @param scarce whether the heap is nearly full
    public static BodyBudget ofHeap(long heap, BooleanSupplier scarce) {
        return new BodyBudget(heap / 2 / FACTOR, scarce);
    }

    /// @return false when there is no room; one body always has it
    boolean take(long bytes) {
        if (bytes > SMALL && scarce()) return false;
        while (true) {
            long now = taken.get();
            if (now > 0 && now + bytes > most) return false;
            if (taken.compareAndSet(now, now + bytes)) return true;
        }
    }

    /// Whether nothing may begin that takes much.
    boolean scarce() {
        return scarce.getAsBoolean();
    }

    static ApiException tooMany() {
        return new ApiException(
                ApiException.Reason.TOO_MANY_REQUESTS,
                "The server has received too many requests and has asked us to try again later");
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /// Bytes that are taken.
    public long taken() {
        return taken.get();
    }
}
