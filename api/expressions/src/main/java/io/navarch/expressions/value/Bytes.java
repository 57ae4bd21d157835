package io.navarch.expressions.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes, which nobody changes.
public final class Bytes implements Comparable<Bytes> {
    private final byte[] bytes;

    public Bytes(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    public int size() {
        return bytes.length;
    }

    public byte[] array() {
        return bytes.clone();
    }

    public Bytes plus(Bytes other) {
        var all = Arrays.copyOf(bytes, bytes.length + other.bytes.length);
        System.arraycopy(other.bytes, 0, all, bytes.length, other.bytes.length);
        return new Bytes(all);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
