package io.navarch.apps.snapshot;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongSupplier;

/// Gives up before a disk is full: others write there as well.
final class SparingStream extends FilterOutputStream {
    private static final long PART = 1 << 20;

    private final LongSupplier free;
    private final long spared;
    private long written;

    /// @param free how many bytes are
    /// @param spared how many stay so
    SparingStream(OutputStream to, LongSupplier free, long spared) {
        super(to);
        this.free = free;
        this.spared = spared;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        wrote(1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        wrote(length);
    }

    private void wrote(int more) throws IOException {
        written += more;
        if (written < PART) return;
        written = 0;
        expect(free, spared);
    }

    /// @throws IOException when less is free than is to be spared
    static void expect(LongSupplier free, long spared) throws IOException {
        long now = free.getAsLong();
        if (now < spared) throw new IOException("only " + (now >> 20) + " MiB are free");
    }
}
