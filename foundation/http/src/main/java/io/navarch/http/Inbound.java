package io.navarch.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The bytes that arrive on a channel, as a stream to be read by one virtual thread. The channel stops reading from
/// its socket while more than [#HIGH] bytes wait, so a slow reader costs bounded memory.
final class Inbound extends InputStream {
    /// As much as an HTTP/2 stream may send before any of it is read.
    static final int HIGH = 256 << 10;

    /// The same when much waits for others.
    private static final int LITTLE = 8 << 10;

    private final Channel channel;
    private final Backlog backlog;
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private byte[] current = new byte[0];
    private int position;
    private int waiting;
    private boolean ended;
    /// Why the stream broke off, if it did.
    private @Nullable IOException failure;

    /// Whether nobody reads what comes.
    private boolean unwanted;

    private long discarded;

    /// Whether nothing more is read from the channel, on account of this stream.
    private boolean paused;

    /// What is to be done when somebody waits for what has not been sent.
    private @Nullable Runnable wanted;

    /// When the rest must be there, by [System#nanoTime]; 0 when there is no limit.
    private long deadline;

    private Duration limit = Duration.ZERO;

    /// Zero when the next part may take any time.
    private Duration patience = Duration.ZERO;

    Inbound(Channel channel, Backlog backlog) {
        this.channel = channel;
        this.backlog = backlog;
    }

    /// Copies the content of a buffer; releasing it stays with the caller.
    synchronized void offer(ByteBuf buffer) {
        if (!buffer.isReadable()) return;
        if (unwanted) discarded += buffer.readableBytes();
        if (unwanted || ended) return;
        var bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        chunks.add(bytes);
        count(bytes.length);
        if (waiting > LITTLE && backlog.full()) {
            drop();
            fail(new IOException("too much waits to be read"));
            return;
        }
        if (waiting > (backlog.tight() ? LITTLE : HIGH)) {
            paused = true;
            channel.config().setAutoRead(false);
        }
        notifyAll();
    }

    private void count(int bytes) {
        waiting += bytes;
        backlog.add(bytes);
    }

    private void drop() {
        chunks.clear();
        count(-waiting);
    }

    /// Has this done once when a reader finds nothing.
    synchronized void whenWanted(Runnable action) {
        wanted = action;
    }

    /// Whether nobody has waited for what [#whenWanted] is for.
    synchronized boolean neverWanted() {
        return wanted != null;
    }

    /// Sets how long each next part may take.
    synchronized void patience(Duration time) {
        patience = time;
    }

    /// Sets a deadline for the rest.
    synchronized void within(Duration time) {
        limit = time;
        deadline = System.nanoTime() + time.toNanos();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /// The peer is gone: what it has sent can be read, and no longer counts.
    synchronized void gone() {
        count(-waiting);
        end();
    }

    /// Whether nothing more will come.
    synchronized boolean complete() {
        return ended;
    }

    synchronized void fail(IOException cause) {
        if (ended) return;
        ended = true;
        failure = cause;
        notifyAll();
    }

    /// Nobody reads the rest.
    synchronized void discard() {
        if (unwanted) return;
        unwanted = true;
        drop();
        goOn();
    }

    private void goOn() {
        if (!paused) return;
        paused = false;
        channel.config().setAutoRead(true);
    }

    /// What came since then.
    synchronized long discarded() {
        return discarded;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) return 0;
        long until = patience.isZero() ? 0 : System.nanoTime() + patience.toNanos();
        while (position == current.length) {
            if (!chunks.isEmpty()) {
                current = chunks.poll();
                position = 0;
                if (waiting > 0) count(-current.length);
                if (waiting < HIGH / 2) goOn();
            } else if (failure != null) {
                throw failure;
            } else if (ended) {
                return -1;
            } else if (unwanted) {
                throw new IOException("the answer has been sent");
            } else {
                awaitMore(until);
            }
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, target, offset, count);
        position += count;
        return count;
    }

    /// Waits for the event loop to offer bytes or to end the stream.
    private void awaitMore(long until) throws IOException {
        long end = deadline == 0 ? until : deadline;
        var waits = wanted;
        wanted = null;
        if (waits != null) waits.run();
        try {
            if (end == 0) {
                wait();
                return;
            }
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) throw new BodyTooSlowException(deadline == 0 ? patience : limit);
            wait(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    @Override
    public synchronized int available() {
        return current.length - position + waiting;
    }
}
