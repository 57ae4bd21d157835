package io.navarch.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.time.Duration;

/// Blocks those who write to a channel until it is writable again or closed, and counts what the peer has not taken
/// yet.
final class Gate {
    /// What a peer is given to take the next part when too much waits for others already.
    private static final Duration HURRIED = Duration.ofSeconds(2);

    private final Backlog backlog;

    /// Zero when the peer may take any time.
    private Duration patience;

    /// For a peer that may take any time.
    Gate() {
        this(Backlog.unbounded(), Duration.ZERO);
    }

    Gate(Backlog backlog, Duration patience) {
        this.backlog = backlog;
        this.patience = patience;
    }

    synchronized void patience(Duration time) {
        patience = time;
    }

    synchronized void await(Channel channel) throws IOException {
        long start = System.nanoTime();
        try {
            while (channel.isActive() && !channel.isWritable()) {
                if (backlog.full()) throw new IOException("too much waits for those who do not read");
                var left = left();
                if (!left.isZero() && System.nanoTime() - start > left.toNanos())
                    throw new IOException("the peer took nothing for " + left.toSeconds() + " s");
                wait(left.isZero() ? 1000 : Math.clamp(left.toMillis(), 1, 1000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
        if (!channel.isActive()) throw new IOException("the connection was closed by the peer");
    }

    private Duration left() {
        boolean hurried = backlog.tight() && (patience.isZero() || patience.compareTo(HURRIED) > 0);
        return hurried ? HURRIED : patience;
    }

    /// What a write of so many bytes is told by when the peer has taken them.
    ChannelPromise taken(Channel channel, int bytes) {
        backlog.add(bytes);
        return channel.newPromise().addListener(done -> backlog.add(-bytes));
    }

    synchronized void open() {
        notifyAll();
    }
}
