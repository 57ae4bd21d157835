package io.navarch.schema;

import io.navarch.objects.Json;
import io.navarch.objects.Timestamps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Reads `application/vnd.kubernetes.protobuf` into the tree that the same object has in JSON.
///
/// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
public final class ProtobufDecoder {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    /// Fields whose zero means something, because Go has them as pointers; every other zero is "not set".
    private static final Set<String> MEANINGFUL_ZEROS = Set.of(
            "replicas",
            "revisionHistoryLimit",
            "progressDeadlineSeconds",
            "terminationGracePeriodSeconds",
            "activeDeadlineSeconds",
            "automountServiceAccountToken",
            "shareProcessNamespace",
            "enableServiceLinks",
            "setHostnameAsFQDN",
            "hostUsers",
            "runAsUser",
            "runAsGroup",
            "runAsNonRoot",
            "privileged",
            "readOnlyRootFilesystem",
            "allowPrivilegeEscalation",
            "fsGroup",
            "gracePeriodSeconds",
            "orphanDependents",
            "tolerationSeconds",
            "optional",
            "defaultMode",
            "mode",
            "controller",
            "blockOwnerDeletion",
            "immutable",
            "parallelism",
            "completions",
            "backoffLimit",
            "suspend",
            "successfulJobsHistoryLimit",
            "failedJobsHistoryLimit",
            "startingDeadlineSeconds",
            "ttlSecondsAfterFinished",
            "minReplicas",
            "ready",
            "serving",
            "terminating",
            "allocateLoadBalancerNodePorts",
            "partition",
            "expirationSeconds",
            "storageClassName",
            "ingressClassName",
            "leaseTransitions",
            "priority",
            "value",
            "allowed",
            "exitCode",
            "restartCount");

    /// A message's fields by number. `type` is as the build's extraction writes it.
    private record Field(String name, String type) {}

    /// What a request body holds.
    public record Envelope(String apiVersion, String kind, byte[] raw) {}

    private final Function<String, String> messages;
    private final Map<String, Map<Integer, Field>> parsed = new HashMap<>();

    /// @param messages the fields of a message by its full name, or by `group/version/kind` its full name
    public ProtobufDecoder(Function<String, String> messages) {
        this.messages = messages;
    }

    /// @throws Json.MalformedException when the bytes are none of this format
    public static Envelope envelope(byte[] bytes) {
        if (bytes.length < 4 || !Arrays.equals(bytes, 0, 4, MAGIC, 0, 4)) {
            throw new Json.MalformedException(
                    "provided data does not appear to be a protobuf message, expected prefix");
        }
        var reader = new Reader(Arrays.copyOfRange(bytes, 4, bytes.length));
        var apiVersion = "";
        var kind = "";
        var raw = new byte[0];
        while (reader.next()) {
            if (reader.field == 2) raw = reader.bytes();
            else if (reader.field == 1) {
                var meta = new Reader(reader.bytes());
                while (meta.next()) {
                    var text = new String(meta.bytes(), StandardCharsets.UTF_8);
                    if (meta.field == 1) apiVersion = text;
                    if (meta.field == 2) kind = text;
                }
            }
        }
        return new Envelope(apiVersion, kind, raw);
    }

    /// The object in an envelope. Field names follow the schema where there is one (`null`: the messages' own).
    public Map<String, Object> decode(Envelope envelope, Schema schema) {
        int slash = envelope.apiVersion.indexOf('/');
        var group = slash < 0 ? "core" : envelope.apiVersion.substring(0, slash).split("\\.")[0];
        var version = envelope.apiVersion.substring(slash + 1);
        var message = messages.apply(group + "/" + version + "/" + envelope.kind);
        if (message == null) message = messages.apply("meta/v1/" + envelope.kind);
        if (message == null)
            throw new Json.MalformedException(
                    "no protobuf message is known for " + envelope.apiVersion + " " + envelope.kind);
        var tree = new LinkedHashMap<String, Object>();
        tree.put("kind", envelope.kind);
        tree.put("apiVersion", envelope.apiVersion);
        message(envelope.raw, message, schema, tree);
        return tree;
    }

    private synchronized Map<Integer, Field> fields(String message) {
        return parsed.computeIfAbsent(message, name -> {
            var line = messages.apply(name);
            var result = new HashMap<Integer, Field>();
            if (line == null) throw new Json.MalformedException("unknown protobuf message " + name);
            for (var entry : line.split(" ")) {
                if (entry.isEmpty()) continue;
                var parts = entry.split(":", 3);
                result.put(Integer.parseInt(parts[0]), new Field(parts[1], parts[2]));
            }
            return result;
        });
    }

    private void message(byte[] bytes, String message, Schema schema, Map<String, Object> into) {
        var fields = fields(message);
        var reader = new Reader(bytes);
        while (reader.next()) {
            var field = fields.get(reader.field);
            if (field == null) {
                reader.skip();
                continue;
            }
            field(reader, field, schema, into);
        }
    }

    @SuppressWarnings("unchecked")
    private void field(Reader reader, Field field, Schema schema, Map<String, Object> into) {
        var name = name(field.name, schema);
        var type = field.type;
        if (type.startsWith("{")) {
            var entry = new Reader(reader.bytes());
            var key = "";
            Object value = "";
            while (entry.next()) {
                if (entry.field == 1) key = new String(entry.bytes(), StandardCharsets.UTF_8);
                else value = value(entry, type.substring(1), child(schema, name, true));
            }
            ((Map<String, Object>) into.computeIfAbsent(name, made -> new LinkedHashMap<>())).put(key, value);
        } else if (type.startsWith("[")) {
            var list = (List<Object>) into.computeIfAbsent(name, made -> new ArrayList<>());
            // Numbers may come packed.
            if (reader.wire == 2 && (type.equals("[i") || type.equals("[b"))) {
                var packed = new Reader(reader.bytes());
                while (packed.more()) list.add(scalar(packed.varint(), type.substring(1)));
            } else {
                list.add(value(reader, type.substring(1), child(schema, name, true)));
            }
        } else if (type.contains(".") && inlined(field.name, schema, type)) {
            message(reader.bytes(), type, schema, into);
        } else {
            var value = value(reader, type, child(schema, name, false));
            boolean zero = value == null || value.equals("") || value.equals(0L) || value.equals(false);
            if (!zero || value != null && MEANINGFUL_ZEROS.contains(name)) into.put(name, value);
        }
    }

    /// Structs that Go embeds are fields of their own in protobuf and no field at all in JSON.
    private static boolean inlined(String name, Schema schema, String type) {
        if (schema == null || schema.properties().isEmpty()) {
            return name.equals("volumeSource") || name.equals("handler") || name.equals("ephemeralContainerCommon");
        }
        return schema.properties().keySet().stream().noneMatch(property -> property.equalsIgnoreCase(name))
                && !type.endsWith(".ListMeta");
    }

    private static String name(String name, Schema schema) {
        if (schema == null || schema.properties().containsKey(name)) return name;
        for (var property : schema.properties().keySet()) if (property.equalsIgnoreCase(name)) return property;
        return name;
    }

    private static Schema child(Schema schema, String name, boolean element) {
        var property = schema == null ? null : schema.property(name);
        if (property == null || !element) return property;
        return property.items() != null ? property.items() : property.additional();
    }

    private Object value(Reader reader, String type, Schema schema) {
        return switch (type) {
            case "i", "b" -> scalar(reader.varint(), type);
            case "d" -> reader.fixed64();
            case "f" -> (double) reader.fixed32();
            case "s" -> new String(reader.bytes(), StandardCharsets.UTF_8);
            case "y" -> Base64.getEncoder().encodeToString(reader.bytes());
            default -> special(reader.bytes(), type, schema);
        };
    }

    private static Object scalar(long number, String type) {
        return type.equals("b") ? (Object) (number != 0) : (Object) number;
    }

    private Object special(byte[] bytes, String message, Schema schema) {
        var simple = message.substring(message.lastIndexOf('.') + 1);
        switch (simple) {
            case "Quantity" -> {
                return text(bytes);
            }
            case "IntOrString" -> {
                var reader = new Reader(bytes);
                long type = 0;
                long number = 0;
                var string = "";
                while (reader.next()) {
                    if (reader.field == 1) type = reader.varint();
                    else if (reader.field == 2) number = reader.varint();
                    else string = new String(reader.bytes(), StandardCharsets.UTF_8);
                }
                return type == 0 ? (Object) (long) (int) number : (Object) string;
            }
            case "Time", "MicroTime", "Timestamp" -> {
                return time(bytes, simple);
            }
            case "RawExtension", "FieldsV1", "JSON" -> {
                var reader = new Reader(bytes);
                Object tree = null;
                while (reader.next()) tree = Json.parse(reader.bytes());
                return tree;
            }
            default -> {}
        }
        var fields = fields(message);
        var only = fields.get(1);
        if (fields.size() == 1 && only.name.equals("items") && only.type.equals("[s")) {
            var reader = new Reader(bytes);
            var list = new ArrayList<Object>();
            while (reader.next()) list.add(new String(reader.bytes(), StandardCharsets.UTF_8));
            return list;
        }
        var tree = new LinkedHashMap<String, Object>();
        message(bytes, message, schema, tree);
        return tree;
    }

    private static Object text(byte[] bytes) {
        var reader = new Reader(bytes);
        var text = "0";
        while (reader.next()) text = new String(reader.bytes(), StandardCharsets.UTF_8);
        return text;
    }

    private static Object time(byte[] bytes, String kind) {
        var reader = new Reader(bytes);
        long seconds = 0;
        long nanos = 0;
        while (reader.next()) {
            if (reader.field == 1) seconds = reader.varint();
            else nanos = reader.varint();
        }
        // Go's zero time is in the year 1; an empty message is no time either.
        if (seconds <= 0) return null;
        var instant = Instant.ofEpochSecond(seconds, nanos);
        return kind.equals("MicroTime") ? Timestamps.micros(instant) : Timestamps.seconds(instant);
    }

    /// The wire format.
    private static final class Reader {
        private final byte[] bytes;
        private int position;
        private int field;
        private int wire;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean more() {
            return position < bytes.length;
        }

        boolean next() {
            if (!more()) return false;
            long key = varint();
            field = (int) (key >>> 3);
            wire = (int) (key & 7);
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

        byte[] bytes() {
            if (wire != 2) throw new Json.MalformedException("proto: wrong wireType = " + wire + " for field " + field);
            long length = varint();
            if (length < 0 || length > bytes.length - position)
                throw new Json.MalformedException("proto: unexpected EOF");
            var result = Arrays.copyOfRange(bytes, position, position + (int) length);
            position += (int) length;
            return result;
        }

        double fixed64() {
            return buffer(8).getDouble();
        }

        float fixed32() {
            return buffer(4).getFloat();
        }

        private ByteBuffer buffer(int size) {
            if (position + size > bytes.length) throw new Json.MalformedException("proto: unexpected EOF");
            var buffer = ByteBuffer.wrap(bytes, position, size).order(ByteOrder.LITTLE_ENDIAN);
            position += size;
            return buffer;
        }

        void skip() {
            switch (wire) {
                case 0 -> varint();
                case 1 -> buffer(8);
                case 2 -> bytes();
                case 5 -> buffer(4);
                default -> throw new Json.MalformedException("proto: illegal wireType " + wire);
            }
        }
    }
}
