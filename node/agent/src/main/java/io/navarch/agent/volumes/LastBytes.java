package io.navarch.agent.volumes;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Keeps the last bytes of what is written, however much that is.
final class LastBytes extends OutputStream {
    private final byte[] ring;
    private long written;

    LastBytes(int most) {
        ring = new byte[most];
    }

    @Override
    public void write(int value) {
        ring[(int) (written++ % ring.length)] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int from = Math.max(0, length - ring.length);
        written += from;
        for (int i = from; i < length; i++) write(bytes[offset + i]);
    }

    String text() {
        if (written <= ring.length) return new String(Arrays.copyOf(ring, (int) written), StandardCharsets.UTF_8);
        int start = (int) (written % ring.length);
        var bytes = new byte[ring.length];
        System.arraycopy(ring, start, bytes, 0, ring.length - start);
        System.arraycopy(ring, 0, bytes, ring.length - start, start);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
