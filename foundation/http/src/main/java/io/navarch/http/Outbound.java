package io.navarch.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/// Writes to a channel from a virtual thread, blocking it while the peer does not keep up.
final class Outbound extends OutputStream {
    private final Channel channel;
    private final Gate gate;
    private final Function<ByteBuf, Object> frame;
    private final Runnable last;
    private boolean closed;

    /// @param frame makes a message of bytes
    /// @param last ends the stream
    Outbound(Channel channel, Gate gate, Function<ByteBuf, Object> frame, Runnable last) {
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
        send(Unpooled.copiedBuffer(bytes, offset, length));
    }

    /// Writes bytes without copying them; they must not change afterwards.
    void writeShared(byte[]... parts) throws IOException {
        gate.await(channel);
        send(Unpooled.wrappedBuffer(parts));
    }

    private void send(ByteBuf bytes) {
        int count = bytes.readableBytes();
        channel.writeAndFlush(frame.apply(bytes), gate.taken(channel, count));
    }

    boolean ready() {
        return channel.isWritable();
    }

    /// Waits until the event loop has done with what was written before. Flushes that it gathers are tasks that come
    /// after the writes, so that it is asked twice.
    void settle() throws IOException {
        var done = new CompletableFuture<Void>();
        try {
            var loop = channel.eventLoop();
            loop.execute(() -> loop.execute(() -> done.complete(null)));
            done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        } catch (ExecutionException | RejectedExecutionException e) {
            throw new IOException("the connection's event loop has ended", e);
        }
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        if (channel.isActive()) last.run();
    }
}
