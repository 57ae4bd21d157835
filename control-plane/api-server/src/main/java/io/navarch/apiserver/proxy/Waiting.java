package io.navarch.apiserver.proxy;

import io.navarch.apiserver.request.Call;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A thread that waits for another server on behalf of a caller, and no longer when the caller goes away. Calls of this
/// process's own parts end with their threads.
public final class Waiting implements AutoCloseable {
    private final AtomicReference<@Nullable Thread> waiting = new AtomicReference<>(Thread.currentThread());

    private Waiting() {}

    /// The current thread is about to wait.
    public static Waiting of(Call call) {
        var waiting = new Waiting();
        call.exchange().ifPresent(exchange -> exchange.onClose(waiting::end));
        return waiting;
    }

    private void end() {
        var thread = waiting.getAndSet(null);
        if (thread != null) thread.interrupt();
    }

    @Override
    public void close() {
        waiting.set(null);
    }
}
