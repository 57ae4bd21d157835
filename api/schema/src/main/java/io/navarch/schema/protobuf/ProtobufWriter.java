package io.navarch.schema.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes the protobuf wire format backwards, so that a length is known by the time it has to be written.
final class ProtobufWriter {
    private byte[] bytes;
    private int start;

    ProtobufWriter() {
        this(512);
    }

    /// @param expected the approximate number of bytes
    ProtobufWriter(int expected) {
        bytes = new byte[expected];
        start = expected;
    }

    /// The number of bytes written so far.
    int size() {
        return bytes.length - start;
    }

    byte[] result() {
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }

    private void room(int more) {
        if (start >= more) return;
        var larger = new byte[Math.max(bytes.length * 2, bytes.length + more)];
        System.arraycopy(bytes, start, larger, larger.length - size(), size());
        start = larger.length - size();
        bytes = larger;
    }

    void raw(byte[] part) {
        room(part.length);
        start -= part.length;
        System.arraycopy(part, 0, bytes, start, part.length);
    }

    void varint(long number) {
        int length = number == 0 ? 1 : (70 - Long.numberOfLeadingZeros(number)) / 7;
        room(length);
        start -= length;
        int at = start;
        while ((number & ~0x7fL) != 0) {
            bytes[at++] = (byte) (number & 0x7f | 0x80);
            number >>>= 7;
        }
        bytes[at] = (byte) number;
    }

    private void key(int field, int wire) {
        varint((long) field << 3 | wire);
    }

    void number(int field, long value) {
        varint(value);
        key(field, 0);
    }

    void fixed64(int field, double value) {
        room(8);
        long bits = Double.doubleToRawLongBits(value);
        start -= 8;
        for (int i = 0; i < 8; i++) bytes[start + i] = (byte) (bits >>> 8 * i);
        key(field, 1);
    }

    void fixed32(int field, float value) {
        room(4);
        int bits = Float.floatToRawIntBits(value);
        start -= 4;
        for (int i = 0; i < 4; i++) bytes[start + i] = (byte) (bits >>> 8 * i);
        key(field, 5);
    }

    void bytes(int field, byte[] value) {
        raw(value);
        varint(value.length);
        key(field, 2);
    }

    void string(int field, String value) {
        bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /// Closes a part that began when [#size()] was `before`.
    void part(int field, int before) {
        varint(size() - before);
        key(field, 2);
    }
}
