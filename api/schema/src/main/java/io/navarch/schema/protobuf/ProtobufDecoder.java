package io.navarch.schema.protobuf;

import io.navarch.objects.Json;
import io.navarch.objects.Timestamps;
import io.navarch.schema.protobuf.ProtobufMessages.Field;
import io.navarch.schema.protobuf.ProtobufMessages.Message;
import io.navarch.schema.types.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads protobuf messages into the trees that the same objects have in JSON. Fields that are not known are skipped.
final class ProtobufDecoder {
    /// Messages can be recursive (schemas); no real object is nested nearly this deep.
    private static final int MAX_DEPTH = 200;

    private final ProtobufMessages messages;

    ProtobufDecoder(ProtobufMessages messages) {
        this.messages = messages;
    }

    /// @throws Json.MalformedException when the bytes are no such message
    void decode(byte[] bytes, String message, Schema schema, Map<String, Object> into) {
        object(new ProtobufReader(bytes), messages.message(message, schema), into, 0);
    }

    private void object(ProtobufReader reader, Message message, Map<String, Object> into, int depth) {
        if (depth > MAX_DEPTH) throw new Json.MalformedException("proto: exceeded maximum recursion depth");
        while (reader.next()) {
            var field = message.byNumber().get(reader.field());
            if (field == null) reader.skip();
            else if (field.inlined())
                object(reader.part(), messages.message(field.type(), field.schema()), into, depth + 1);
            else field(reader, field, into, depth);
        }
    }

    @SuppressWarnings("unchecked")
    private void field(ProtobufReader reader, Field field, Map<String, Object> into, int depth) {
        switch (field.shape()) {
            case SINGLE -> {
                var value = value(reader, field, depth);
                if (value != null) into.put(field.name(), value);
            }
            case LIST -> {
                var list = (List<Object>) into.computeIfAbsent(field.name(), made -> new ArrayList<>());
                // Repeated numbers may be packed.
                if (reader.wire() == 2
                        && (field.form() == ProtobufMessages.Form.INTEGER
                                || field.form() == ProtobufMessages.Form.BOOLEAN)) {
                    var packed = reader.part();
                    while (packed.more()) list.add(scalar(packed.varint(), field));
                } else {
                    list.add(value(reader, field, depth));
                }
            }
            case MAP -> {
                var entry = reader.part();
                var key = "";
                Object value = field.form() == ProtobufMessages.Form.OBJECT ? new LinkedHashMap<>() : "";
                while (entry.next()) {
                    if (entry.field() == 1) key = entry.string();
                    else if (entry.field() == 2) value = value(entry, field, depth);
                    else entry.skip();
                }
                ((Map<String, Object>) into.computeIfAbsent(field.name(), made -> new LinkedHashMap<>()))
                        .put(key, value);
            }
        }
    }

    private static Object scalar(long number, Field field) {
        return field.form() == ProtobufMessages.Form.BOOLEAN ? (Object) (number != 0) : (Object) number;
    }

    private @Nullable Object value(ProtobufReader reader, Field field, int depth) {
        return switch (field.form()) {
            case INTEGER, BOOLEAN -> scalar(reader.number(), field);
            case DOUBLE -> whole(reader.fixed64());
            case FLOAT -> whole(reader.fixed32());
            case STRING -> reader.string();
            case BYTES -> Base64.getEncoder().encodeToString(reader.bytes());
            case QUANTITY -> quantity(reader.part());
            case INT_OR_STRING -> intOrString(reader.part());
            case TIME, MICRO_TIME -> time(reader.part(), field);
            case RAW -> raw(reader.part());
            case STRINGS -> strings(reader.part());
            case SCHEMA_OR_BOOLEAN -> schemaOrBoolean(reader.part(), field, depth);
            case SCHEMA_OR_LIST, SCHEMA_OR_STRINGS -> schemaOrList(reader.part(), field, depth);
            case OBJECT -> {
                var tree = new LinkedHashMap<String, Object>();
                object(reader.part(), messages.message(field.type(), field.schema()), tree, depth + 1);
                yield tree;
            }
        };
    }

    /// JSON does not distinguish integers: a whole number is written without a fraction.
    private static Object whole(double number) {
        if (!Double.isFinite(number)) throw new Json.MalformedException("proto: a number is not finite");
        return number == Math.rint(number) && Math.abs(number) < 1L << 53 ? (Object) (long) number : (Object) number;
    }

    private static Object quantity(ProtobufReader reader) {
        var text = "0";
        while (reader.next()) {
            if (reader.field() == 1) text = reader.string();
            else reader.skip();
        }
        return text;
    }

    private static Object intOrString(ProtobufReader reader) {
        long type = 0;
        long number = 0;
        var text = "";
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> type = reader.number();
                case 2 -> number = reader.number();
                case 3 -> text = reader.string();
                default -> reader.skip();
            }
        }
        return type == 0 ? (Object) (long) (int) number : (Object) text;
    }

    private static @Nullable Object time(ProtobufReader reader, Field field) {
        long seconds = 0;
        long nanos = 0;
        boolean any = false;
        while (reader.next()) {
            any = true;
            if (reader.field() == 1) seconds = reader.number();
            else if (reader.field() == 2) nanos = reader.number();
            else reader.skip();
        }
        // Go's zero time is in the year 1 and, like an empty message, means no time.
        if (!any || seconds <= -62_135_596_800L) return null;
        if (seconds > 253_402_300_799L || nanos < 0 || nanos > 999_999_999)
            throw new Json.MalformedException("proto: time out of range in " + field.name());
        var instant = Instant.ofEpochSecond(seconds, nanos);
        return field.form() == ProtobufMessages.Form.MICRO_TIME
                ? Timestamps.micros(instant)
                : Timestamps.seconds(instant);
    }

    private static @Nullable Object raw(ProtobufReader reader) {
        @Nullable Object tree = null;
        while (reader.next()) {
            if (reader.field() != 1) {
                reader.skip();
                continue;
            }
            var bytes = reader.bytes();
            tree = bytes.length == 0 ? null : Json.parse(bytes);
        }
        return tree;
    }

    private static List<Object> strings(ProtobufReader reader) {
        var list = new ArrayList<Object>();
        while (reader.next()) list.add(reader.string());
        return list;
    }

    private Map<String, Object> nested(ProtobufReader reader, Field field, int depth) {
        var tree = new LinkedHashMap<String, Object>();
        object(reader, ProtobufEncoder.schemaMessage(messages, field), tree, depth + 1);
        return tree;
    }

    private Object schemaOrBoolean(ProtobufReader reader, Field field, int depth) {
        Object result = false;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> {
                    boolean allows = reader.number() != 0;
                    if (!(result instanceof Map)) result = allows;
                }
                case 2 -> result = nested(reader.part(), field, depth);
                default -> reader.skip();
            }
        }
        return result;
    }

    private Object schemaOrList(ProtobufReader reader, Field field, int depth) {
        Object single = null;
        var list = new ArrayList<Object>();
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> single = nested(reader.part(), field, depth);
                case 2 ->
                    list.add(
                            field.form() == ProtobufMessages.Form.SCHEMA_OR_LIST
                                    ? nested(reader.part(), field, depth)
                                    : reader.string());
                default -> reader.skip();
            }
        }
        return single != null ? single : list;
    }
}
