package io.navarch.schema.protobuf;

import io.navarch.objects.Json;
import io.navarch.objects.Quantity;
import io.navarch.objects.Timestamps;
import io.navarch.schema.protobuf.ProtobufMessages.Field;
import io.navarch.schema.protobuf.ProtobufMessages.Message;
import io.navarch.schema.types.Schema;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes object trees as protobuf messages: fields in the order of their numbers, maps in the order of their keys, and
/// nothing for absent fields.
final class ProtobufEncoder {
    private final ProtobufMessages messages;

    ProtobufEncoder(ProtobufMessages messages) {
        this.messages = messages;
    }

    /// @param tree an object of the message's type; fields that the message lacks are skipped
    byte[] encode(Map<String, Object> tree, String message, Schema schema) {
        var out = new ProtobufWriter();
        object(tree, messages.message(message, schema), out);
        return out.result();
    }

    private void object(Map<?, ?> tree, Message message, ProtobufWriter out) {
        for (var field : message.descending()) {
            if (field.inlined()) {
                int before = out.size();
                object(tree, messages.message(field.type(), field.schema()), out);
                // Go holds these structs by value and always writes them.
                out.part(field.number(), before);
                continue;
            }
            var value = tree.get(field.name());
            if (value == null) continue;
            switch (field.shape()) {
                case SINGLE -> value(value, field, field.number(), out);
                case LIST -> {
                    if (value instanceof List<?> list)
                        for (int i = list.size() - 1; i >= 0; i--) value(list.get(i), field, field.number(), out);
                }
                case MAP -> {
                    if (value instanceof Map<?, ?> map) map(map, field, out);
                }
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void map(Map<?, ?> map, Field field, ProtobufWriter out) {
        for (var entry :
                new TreeMap<>((Map<String, Object>) map).descendingMap().entrySet()) {
            int before = out.size();
            if (entry.getValue() != null) value(entry.getValue(), field, 2, out);
            out.string(1, entry.getKey());
            out.part(field.number(), before);
        }
    }

    private void value(Object value, Field field, int number, ProtobufWriter out) {
        int before = out.size();
        switch (field.form()) {
            case INTEGER -> out.number(number, integer(value));
            case BOOLEAN -> out.number(number, Boolean.TRUE.equals(value) ? 1 : 0);
            case DOUBLE -> out.fixed64(number, value instanceof Number n ? n.doubleValue() : 0);
            case FLOAT -> out.fixed32(number, value instanceof Number n ? n.floatValue() : 0);
            case STRING -> out.string(number, String.valueOf(value));
            case BYTES -> out.bytes(number, Base64.getMimeDecoder().decode(String.valueOf(value)));
            case QUANTITY -> {
                out.string(1, Quantity.find(value).map(Quantity::toString).orElseGet(() -> String.valueOf(value)));
                out.part(number, before);
            }
            case INT_OR_STRING -> {
                if (value instanceof String text) {
                    out.string(3, text);
                    out.number(1, 1);
                } else {
                    out.number(2, integer(value));
                    out.number(1, 0);
                }
                out.part(number, before);
            }
            case TIME, MICRO_TIME -> {
                var time = Timestamps.parse(String.valueOf(value));
                if (time.isEmpty()) return;
                out.number(2, time.get().getNano());
                out.number(1, time.get().getEpochSecond());
                out.part(number, before);
            }
            case RAW -> {
                out.bytes(1, Json.write(value));
                out.part(number, before);
            }
            case STRINGS -> {
                strings(value, 1, out);
                out.part(number, before);
            }
            case SCHEMA_OR_BOOLEAN -> {
                if (value instanceof Map<?, ?> schema) {
                    nested(schema, field, 2, out);
                    out.number(1, 1);
                } else {
                    out.number(1, Boolean.TRUE.equals(value) ? 1 : 0);
                }
                out.part(number, before);
            }
            case SCHEMA_OR_LIST -> {
                if (value instanceof Map<?, ?> schema) nested(schema, field, 1, out);
                if (value instanceof List<?> list) {
                    for (int i = list.size() - 1; i >= 0; i--)
                        if (list.get(i) instanceof Map<?, ?> schema) nested(schema, field, 2, out);
                }
                out.part(number, before);
            }
            case SCHEMA_OR_STRINGS -> {
                if (value instanceof Map<?, ?> schema) nested(schema, field, 1, out);
                else strings(value, 2, out);
                out.part(number, before);
            }
            case OBJECT -> {
                if (value instanceof Map<?, ?> tree) object(tree, messages.message(field.type(), field.schema()), out);
                out.part(number, before);
            }
        }
    }

    private static void strings(Object value, int number, ProtobufWriter out) {
        if (!(value instanceof List<?> list)) return;
        for (int i = list.size() - 1; i >= 0; i--) out.string(number, String.valueOf(list.get(i)));
    }

    /// A schema inside a schema: the message beside `…OrBool` and its like.
    private void nested(Map<?, ?> schema, Field field, int number, ProtobufWriter out) {
        int before = out.size();
        object(schema, schemaMessage(messages, field), out);
        out.part(number, before);
    }

    /// The message of schemas, next to the one that wraps them.
    static Message schemaMessage(ProtobufMessages messages, Field field) {
        var name = field.type().substring(0, field.type().lastIndexOf("Or"));
        return messages.message(name, messages.schemas());
    }

    private static long integer(Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }
}
