package io.navarch.inprocess;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Carries chunks from one writer to one reader. A writer that is too far ahead waits.
final class Pipe extends InputStream {
    private static final byte[] END = new byte[0];

    private final ArrayBlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(64);
    private byte[] current = END;
    private int position;
    private volatile boolean ended;
    /// Why it ended before its end, if it did.
    private volatile @Nullable IOException failure;

    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (length == 0) return;
                offer(Arrays.copyOfRange(bytes, offset, offset + length));
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                // Our writers never change an array once it is written, so it needs no copy.
                if (bytes.length > 0) offer(bytes);
            }

            @Override
            public void close() {
                end();
            }
        };
    }

    private void offer(byte[] bytes) throws IOException {
        try {
            while (!chunks.offer(bytes, 1, TimeUnit.SECONDS)) {
                if (ended) throw new IOException("the reader has gone");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    /// Ends it after what is in it with this, unless it has come to its end.
    void fail(IOException cause) {
        if (ended) return;
        failure = cause;
        end();
    }

    void end() {
        ended = true;
        chunks.offer(END);
    }

    private static int end(@Nullable IOException failure) throws IOException {
        if (failure != null) throw failure;
        return -1;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        // As InputStream promises: nothing is waited for to read nothing.
        if (length == 0) return 0;
        try {
            while (position == current.length) {
                if (ended && chunks.isEmpty()) return end(failure);
                var next = chunks.poll(1, TimeUnit.SECONDS);
                if (next == null) continue;
                current = next;
                position = 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, target, offset, count);
        position += count;
        return count;
    }
}
