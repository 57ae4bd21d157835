package io.navarch.schema.protobuf;

import io.navarch.objects.Json;
import io.navarch.objects.Utf8;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/// Reads the protobuf wire format from a part of a byte array.
///
/// Source: https://protobuf.dev/programming-guides/encoding/
final class ProtobufReader {
    private final byte[] bytes;
    private final int end;
    private int position;
    private int field;
    private int wire;

    ProtobufReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private ProtobufReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    int field() {
        return field;
    }

    int wire() {
        return wire;
    }

    boolean more() {
        return position < end;
    }

    /// Goes to the next field.
    boolean next() {
        if (!more()) return false;
        long key = varint();
        field = (int) (key >>> 3);
        wire = (int) (key & 7);
        if (field <= 0) throw new Json.MalformedException("proto: illegal tag " + field + " (wire type " + wire + ")");
        return true;
    }

    long varint() {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!more()) throw new Json.MalformedException("proto: unexpected EOF");
            byte b = bytes[position++];
            result |= (long) (b & 0x7f) << shift;
            if (b >= 0) return result;
        }
        throw new Json.MalformedException("proto: integer overflow");
    }

    /// The value of a field that is a number.
    long number() {
        if (wire != 0) throw wrongType();
        return varint();
    }

    private Json.MalformedException wrongType() {
        return new Json.MalformedException("proto: wrong wireType = " + wire + " for field " + field);
    }

    private int length() {
        if (wire != 2) throw wrongType();
        long length = varint();
        if (length < 0 || length > end - position) throw new Json.MalformedException("proto: unexpected EOF");
        return (int) length;
    }

    /// The part that a length-delimited field holds.
    ProtobufReader part() {
        int length = length();
        var part = new ProtobufReader(bytes, position, position + length);
        position += length;
        return part;
    }

    byte[] bytes() {
        int length = length();
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    String string() {
        int length = length();
        position += length;
        try {
            return Utf8.strict(bytes, position - length, length);
        } catch (CharacterCodingException e) {
            throw new Json.MalformedException("proto: field " + field + " contains invalid UTF-8");
        }
    }

    double fixed64() {
        if (wire != 1) throw wrongType();
        return buffer(8).getDouble();
    }

    float fixed32() {
        if (wire != 5) throw wrongType();
        return buffer(4).getFloat();
    }

    private ByteBuffer buffer(int size) {
        if (position + size > end) throw new Json.MalformedException("proto: unexpected EOF");
        var buffer = ByteBuffer.wrap(bytes, position, size).order(ByteOrder.LITTLE_ENDIAN);
        position += size;
        return buffer;
    }

    void skip() {
        switch (wire) {
            case 0 -> varint();
            case 1 -> buffer(8);
            case 2 -> part();
            case 5 -> buffer(4);
            default -> throw new Json.MalformedException("proto: illegal wireType " + wire);
        }
    }
}
