package io.navarch.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.kubernetes.client.proto.Runtime.TypeMeta;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.navarch.objects.Json;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.protobuf.ProtobufMessages;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Messages that the official classes make are read and written again, byte for byte.
class ProtobufRoundTripTest {
    private static final io.navarch.kinds.types.Types TYPES = BuiltInKinds.types();
    private static final Protobuf PROTOBUF =
            new Protobuf(new ProtobufMessages(TYPES::message, () -> TYPES.get("V1JSONSchemaProps")), TYPES::find);
    private static final List<String> FILES = List.of(
            "V1",
            "V1Admissionregistration",
            "V1Apiextensions",
            "V1Apps",
            "V1Authentication",
            "V1Authorization",
            "V1Autoscaling",
            "V1Batch",
            "V1Certificates",
            "V1Coordination",
            "V1Discovery",
            "V1Events",
            "V1Flowcontrol",
            "V1Networking",
            "V1Node",
            "V1Policy",
            "V1Rbac",
            "V1Resource",
            "V1Scheduling",
            "V1Storage",
            "V2Autoscaling");

    record Kind(String apiVersion, String name) {
        @Override
        public String toString() {
            return apiVersion + " " + name;
        }
    }

    static Stream<Kind> kinds() {
        return BuiltInKinds.all(TYPES).stream()
                .flatMap(kind -> kind.versions().stream()
                        .map(version -> new Kind(kind.apiVersion(version.name()), kind.kind()))
                        // No official class: the one kind whose messages are facts of ours, and the slides' old
                        // Ingress.
                        .filter(each ->
                                !each.apiVersion.startsWith("apiregistration") && !each.apiVersion.startsWith("ext")));
    }

    private static Descriptor descriptor(Kind kind) throws ReflectiveOperationException {
        var slash = kind.apiVersion.indexOf('/');
        var group = slash < 0 ? "core" : kind.apiVersion.substring(0, slash).split("\\.")[0];
        var suffix = "." + group + "." + kind.apiVersion.substring(slash + 1) + "." + kind.name;
        for (var file : FILES) {
            var descriptor = (FileDescriptor) Class.forName("io.kubernetes.client.proto." + file)
                    .getMethod("getDescriptor")
                    .invoke(null);
            for (var message : descriptor.getMessageTypes())
                if (message.getFullName().endsWith(suffix)) return message;
        }
        throw new ClassNotFoundException(kind.toString());
    }

    private static byte[] envelope(Kind kind, Message message) throws Exception {
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {'k', '8', 's', 0});
        Unknown.newBuilder()
                .setTypeMeta(
                        TypeMeta.newBuilder().setApiVersion(kind.apiVersion).setKind(kind.name))
                .setRaw(message.toByteString())
                .setContentEncoding("")
                .setContentType("")
                .build()
                .writeTo(out);
        return out.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyFieldOfEveryKindSurvives(Kind kind) throws Exception {
        var descriptor = descriptor(kind);
        for (int seed = 0; seed < 6; seed++) {
            var message = new Filling(new Random(seed)).fill(descriptor, seed + 2);
            var bytes = envelope(kind, message);
            var tree = PROTOBUF.decode(bytes);
            // Through JSON, as an object is stored.
            var again = PROTOBUF.encode(Json.parseMap(Json.write(tree)));
            if (java.util.Arrays.equals(bytes, again)) continue;
            var back = DynamicMessage.parseFrom(descriptor, raw(again));
            var lost = new ArrayList<>(message.toString().lines().toList());
            back.toString().lines().forEach(lost::remove);
            assertThat(lost).as("lines that the message lost").isEmpty();
            assertThat(HexFormat.of().formatHex(again)).isEqualTo(HexFormat.of().formatHex(bytes));
        }
    }

    private static ByteString raw(byte[] envelope) throws Exception {
        return Unknown.parseFrom(ByteString.copyFrom(envelope, 4, envelope.length - 4))
                .getRaw();
    }

    @Test
    void everyServedKindHasAMessage() {
        for (KindDefinition kind : BuiltInKinds.all(TYPES)) {
            if (kind.group().equals("extensions")) continue;
            for (var version : kind.versions()) {
                assertThat(PROTOBUF.knows(kind.apiVersion(version.name()), kind.kind()))
                        .as(kind.kind())
                        .isTrue();
            }
        }
    }

    @Test
    void fieldsOfTheFutureAreSkipped() {
        var pod = new byte[] {
            'k',
            '8',
            's',
            0,
            0x0a,
            9,
            0x0a,
            2,
            'v',
            '1',
            0x12,
            3,
            'P',
            'o',
            'd',
            0x12,
            10,
            0x0a,
            3,
            0x0a,
            1,
            'a',
            (byte) 0xf2,
            0x3f,
            2,
            'x',
            'x'
        };
        assertThat(PROTOBUF.decode(pod))
                .isEqualTo(Map.of("kind", "Pod", "apiVersion", "v1", "metadata", Map.of("name", "a")));
    }

    /// Fills messages with values that have one form only, and none that means "not set".
    private static final class Filling {
        private final Random random;

        Filling(Random random) {
            this.random = random;
        }

        Message fill(Descriptor type, int depth) {
            var builder = DynamicMessage.newBuilder(type);
            switch (type.getName()) {
                case "Quantity" -> set(builder, "string", random.nextBoolean() ? "100m" : "5Gi");
                case "IntOrString" -> {
                    boolean text = random.nextBoolean();
                    set(builder, "type", text ? 1L : 0L);
                    if (text) set(builder, "strVal", "50%");
                    else set(builder, "intVal", 80);
                }
                case "Time", "Timestamp" -> {
                    set(builder, "seconds", 1_700_000_000L + random.nextInt(1000));
                    set(builder, "nanos", 0);
                }
                case "MicroTime" -> {
                    set(builder, "seconds", 1_700_000_000L);
                    set(builder, "nanos", 123_456_000);
                }
                case "RawExtension", "JSON" -> set(builder, "raw", ByteString.copyFromUtf8("{\"a\":[1,true,\"x\"]}"));
                case "FieldsV1" -> set(builder, "Raw", ByteString.copyFromUtf8("{\"f:a\":{}}"));
                case "JSONSchemaPropsOrBool" -> {
                    set(builder, "allows", true);
                    if (depth > 0) set(builder, "schema", fill(sub(type, "schema"), depth - 1));
                }
                case "JSONSchemaPropsOrArray", "JSONSchemaPropsOrStringArray" ->
                    set(builder, "schema", fill(sub(type, "schema"), depth - 1));
                default -> fields(type, builder, depth);
            }
            return builder.build();
        }

        private static Descriptor sub(Descriptor type, String field) {
            return type.findFieldByName(field).getMessageType();
        }

        private static void set(DynamicMessage.Builder builder, String field, Object value) {
            var descriptor = builder.getDescriptorForType().findFieldByName(field);
            builder.setField(
                    descriptor,
                    descriptor.getJavaType() == FieldDescriptor.JavaType.INT && value instanceof Long number
                            ? (Object) number.intValue()
                            : value);
        }

        private void fields(Descriptor type, DynamicMessage.Builder builder, int depth) {
            for (var field : type.getFields()) {
                boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
                boolean end = depth <= 0 && !BY_VALUE.contains(field.getName());
                if (message && !field.isMapField() && end && !leaf(field)) continue;
                if (field.isMapField()) map(field, builder, depth);
                else if (field.isRepeated()) {
                    for (int i = 0; i < 2; i++) builder.addRepeatedField(field, value(field, depth));
                } else {
                    builder.setField(field, value(field, depth));
                }
            }
        }

        /// Structs that are part of their parent in JSON; Go writes them always.
        private static final List<String> BY_VALUE = List.of(
                "volumeSource",
                "persistentVolumeSource",
                "ingressRuleValue",
                "deviceConfiguration",
                "handler",
                "ephemeralContainerCommon",
                "localObjectReference",
                "namedRuleWithOperations",
                "ruleWithOperations",
                "rule");

        private static boolean leaf(FieldDescriptor field) {
            return List.of("Quantity", "IntOrString", "Time", "MicroTime")
                    .contains(field.getMessageType().getName());
        }

        private void map(FieldDescriptor field, DynamicMessage.Builder builder, int depth) {
            var entry = field.getMessageType();
            var value = entry.findFieldByName("value");
            if (value.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth <= 0 && !leaf(value)) return;
            var entries = new ArrayList<Message>();
            for (var key : List.of("a", "b")) {
                entries.add(DynamicMessage.newBuilder(entry)
                        .setField(entry.findFieldByName("key"), key)
                        .setField(value, value(value, depth))
                        .build());
            }
            builder.setField(field, entries);
        }

        private Object value(FieldDescriptor field, int depth) {
            return switch (field.getJavaType()) {
                case INT -> 1 + random.nextInt(100);
                case LONG -> 1L + random.nextInt(Integer.MAX_VALUE);
                case BOOLEAN -> true;
                case DOUBLE -> random.nextBoolean() ? 1.5 : 3.0;
                case FLOAT -> 2.5f;
                case STRING -> "s" + random.nextInt(100);
                case BYTE_STRING -> ByteString.copyFromUtf8("bytes" + random.nextInt(10));
                case ENUM -> throw new IllegalStateException("no enums: " + field);
                case MESSAGE -> fill(field.getMessageType(), depth - 1);
            };
        }
    }
}
