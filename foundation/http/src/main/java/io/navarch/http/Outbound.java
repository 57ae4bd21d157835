package io.navarch.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Writes to a channel from a virtual thread, blocking it while the peer does not keep up.
final class Outbound extends OutputStream {
    private final Channel channel;
    private final Gate gate;
    private final Function<ByteBuf, Object> frame;
    private final Supplier<Optional<Object>> last;
    private boolean closed;

    /// Blocks writers until the channel is writable again or closed.
    static final class Gate {
        /// Zero when the peer may take any time.
        private Duration patience = Duration.ZERO;

        synchronized void patience(Duration time) {
            patience = time;
        }

        synchronized void await(Channel channel) throws IOException {
            long start = System.nanoTime();
            try {
                while (channel.isActive() && !channel.isWritable()) {
                    boolean over = !patience.isZero() && System.nanoTime() - start > patience.toNanos();
                    if (over) throw new IOException("the peer took nothing for " + patience.toSeconds() + " s");
                    wait(patience.isZero() ? 1000 : Math.clamp(patience.toMillis(), 1, 1000));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted");
            }
            if (!channel.isActive()) throw new IOException("the connection was closed by the peer");
        }

        synchronized void open() {
            notifyAll();
        }
    }

    /// @param frame makes a message of bytes
    /// @param last makes the message that ends the stream, if one does
    Outbound(Channel channel, Gate gate, Function<ByteBuf, Object> frame, Supplier<Optional<Object>> last) {
        this.channel = channel;
        this.gate = gate;
        this.frame = frame;
        this.last = last;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) return;
        gate.await(channel);
        channel.writeAndFlush(frame.apply(Unpooled.copiedBuffer(bytes, offset, length)), channel.voidPromise());
    }

    /// Writes bytes without copying them; they must not change afterwards.
    void writeShared(byte[]... parts) throws IOException {
        gate.await(channel);
        channel.writeAndFlush(frame.apply(Unpooled.wrappedBuffer(parts)), channel.voidPromise());
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        if (channel.isActive()) {
            last.get().ifPresent(channel::writeAndFlush);
        }
    }
}
