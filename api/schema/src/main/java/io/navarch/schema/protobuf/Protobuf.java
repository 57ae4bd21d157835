package io.navarch.schema.protobuf;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import io.navarch.schema.walk.CanonicalForm;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/// `application/vnd.kubernetes.protobuf`: four magic bytes, then an envelope of kind, version and the object itself.
///
/// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
public final class Protobuf {
    public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private final ProtobufMessages messages;
    private final ProtobufEncoder encoder;
    private final ProtobufDecoder decoder;
    private final BiFunction<String, String, Schema> schemas;

    /// @param schemas the type of an object by apiVersion and kind, [Schema#NONE] when there is none
    public Protobuf(ProtobufMessages messages, BiFunction<String, String, Schema> schemas) {
        this.messages = messages;
        this.schemas = schemas;
        encoder = new ProtobufEncoder(messages);
        decoder = new ProtobufDecoder(messages);
    }

    /// Whether objects of a kind have a protobuf form; custom resources have none.
    public boolean knows(String apiVersion, String kind) {
        return messages.name(apiVersion, kind).isPresent();
    }

    /// The type of objects of a kind, [Schema#NONE] when there is none.
    public Schema schema(String apiVersion, String kind) {
        return schemas.apply(apiVersion, kind);
    }

    /// An object in its envelope.
    public byte[] encode(Map<String, Object> object) {
        var view = View.of(object);
        var apiVersion = view.get("apiVersion").string();
        var kind = view.get("kind").string();
        return envelope(apiVersion, kind, message(apiVersion, kind, object));
    }

    /// The object's message alone.
    public byte[] message(String apiVersion, String kind, Map<String, Object> object) {
        var name = messages.name(apiVersion, kind)
                .orElseThrow(() -> new IllegalArgumentException("no protobuf message for " + apiVersion + " " + kind));
        return encoder.encode(object, name, schemas.apply(apiVersion, kind));
    }

    /// What precedes an element's message in a list: its key and length.
    public static byte[] elementHead(byte[] message) {
        var out = new ProtobufWriter(16);
        out.varint(message.length);
        out.varint(2 << 3 | 2);
        return out.result();
    }

    /// The number of bytes that an element takes in a list.
    public static int elementSize(byte[] message) {
        int length = message.length;
        int head = 2;
        while ((length >>>= 7) != 0) head++;
        return head + message.length;
    }

    /// A list's metadata as the first field of its message.
    public byte[] listMetadata(Map<String, Object> metadata) {
        var out = new ProtobufWriter();
        out.bytes(1, encoder.encode(metadata, messages.name("v1", "ListMeta").orElseThrow(), Schema.NONE));
        return out.result();
    }

    /// What precedes a message in its envelope; [#tail] follows it.
    public static byte[] head(String apiVersion, String kind, long length) {
        var out = new ProtobufWriter();
        out.varint(length);
        out.varint(2 << 3 | 2);
        int before = out.size();
        out.string(2, kind);
        out.string(1, apiVersion);
        out.part(1, before);
        out.raw(MAGIC);
        return out.result();
    }

    public static byte[] tail() {
        return new byte[] {3 << 3 | 2, 0, 4 << 3 | 2, 0};
    }

    /// A message in its envelope.
    public static byte[] envelope(String apiVersion, String kind, byte[] message) {
        var out = new ProtobufWriter(message.length + 64);
        out.raw(tail());
        out.raw(message);
        out.raw(head(apiVersion, kind, message.length));
        return out.result();
    }

    /// A watch event: length, type and the object in its own envelope.
    public static byte[] frame(String type, byte[] object) {
        var out = new ProtobufWriter();
        int before = out.size();
        out.bytes(1, object);
        out.part(2, before);
        out.string(1, type);
        int length = out.size();
        out.raw(new byte[] {(byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length});
        return out.result();
    }

    /// Reads an envelope and the object in it.
    ///
    /// @throws Json.MalformedException when the bytes are not in this format
    public Map<String, Object> decode(byte[] bytes) {
        if (bytes.length < 4 || !Arrays.equals(bytes, 0, 4, MAGIC, 0, 4)) {
            throw new Json.MalformedException(
                    "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }
        var reader = new ProtobufReader(Arrays.copyOfRange(bytes, 4, bytes.length));
        var apiVersion = "";
        var kind = "";
        var raw = new byte[0];
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> {
                    var meta = reader.part();
                    while (meta.next()) {
                        if (meta.field() == 1) apiVersion = meta.string();
                        else if (meta.field() == 2) kind = meta.string();
                        else meta.skip();
                    }
                }
                case 2 -> raw = reader.bytes();
                default -> reader.skip();
            }
        }
        var name = messages.name(apiVersion, kind);
        if (name.isEmpty()) {
            throw new Json.MalformedException("no protobuf message is known for " + apiVersion + " " + kind);
        }
        var tree = new LinkedHashMap<String, Object>(Trees.map("kind", kind, "apiVersion", apiVersion));
        var schema = schemas.apply(apiVersion, kind);
        decoder.decode(raw, name.get(), schema, tree);
        CanonicalForm.apply(tree, schema);
        return tree;
    }
}
