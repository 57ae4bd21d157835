package io.navarch.encryption;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// A small protobuf message: texts, bytes and maps of them by the numbers of their fields, and numbers.
final class WireMessage {
    private final Map<Integer, byte[]> fields = new TreeMap<>();
    private final Map<Integer, Map<String, byte[]>> maps = new TreeMap<>();
    private final Map<Integer, Long> numbers = new TreeMap<>();

    WireMessage bytes(int field, byte[] value) {
        if (value.length > 0) fields.put(field, value);
        return this;
    }

    WireMessage text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    WireMessage map(int field, Map<String, byte[]> value) {
        if (!value.isEmpty()) maps.put(field, value);
        return this;
    }

    WireMessage number(int field, long value) {
        if (value != 0) numbers.put(field, value);
        return this;
    }

    byte[] bytes(int field) {
        return fields.getOrDefault(field, new byte[0]);
    }

    String text(int field) {
        return new String(bytes(field), StandardCharsets.UTF_8);
    }

    long number(int field) {
        return numbers.getOrDefault(field, 0L);
    }

    byte[] write() {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        try {
            for (var field : fields.entrySet()) out.writeByteArray(field.getKey(), field.getValue());
            for (var map : maps.entrySet())
                for (var entry : new TreeMap<>(map.getValue()).entrySet())
                    out.writeByteArray(
                            map.getKey(),
                            new WireMessage()
                                    .text(1, entry.getKey())
                                    .bytes(2, entry.getValue())
                                    .write());
            for (var number : numbers.entrySet()) out.writeInt64(number.getKey(), number.getValue());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// @param mapField the field that is a map; 0 for none
    /// @throws UnreadableValueException when the bytes are no message
    static WireMessage read(byte[] bytes, int mapField) {
        var message = new WireMessage();
        var map = new LinkedHashMap<String, byte[]>();
        try {
            var in = CodedInputStream.newInstance(bytes);
            while (!in.isAtEnd()) {
                int tag = in.readTag();
                int field = WireFormat.getTagFieldNumber(tag);
                switch (WireFormat.getTagWireType(tag)) {
                    case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                        var value = in.readByteArray();
                        if (field != mapField) message.fields.put(field, value);
                        else {
                            var entry = read(value, 0);
                            map.put(entry.text(1), entry.bytes(2));
                        }
                    }
                    case WireFormat.WIRETYPE_VARINT -> message.numbers.put(field, in.readInt64());
                    default -> in.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw new UnreadableValueException("not a message: " + e.getMessage(), e);
        }
        return message.map(mapField, map);
    }

    Map<String, byte[]> map(int field) {
        return maps.getOrDefault(field, Map.of());
    }
}
