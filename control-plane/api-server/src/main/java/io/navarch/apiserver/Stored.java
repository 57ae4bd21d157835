package io.navarch.apiserver;

import io.navarch.objects.Encoded;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// An object as it is kept in memory: encoded once, with what selectors ask for beside it.
///
/// @param object in its stored version, resourceVersion included
/// @param message the same as a protobuf message, once somebody has asked for it
public record Stored(
        String key,
        Encoded object,
        long revision,
        String namespace,
        String name,
        Map<String, String> labels,
        Map<String, String> fields,
        Derived<byte[]> message) {

    /// What can be made again from the bytes: kept while there is room for it.
    static final class Derived<T> {
        private volatile SoftReference<T> kept;

        T orElse(Supplier<T> maker) {
            var reference = kept;
            var known = reference == null ? null : reference.get();
            if (known != null) return known;
            var made = maker.get();
            kept = new SoftReference<>(made);
            return made;
        }
    }

    private static final byte[] METADATA = "\"metadata\":{".getBytes();

    /// Reads what the store has just taken: it is looked at soon, by those who follow changes.
    static Stored fresh(String key, byte[] value, long revision, KindDefinition kind) {
        var tree = Json.parseUnmanaged(value);
        var stored = of(key, value, revision, kind, View.of(tree));
        Trees.put(tree, String.valueOf(revision), "metadata", "resourceVersion");
        return stored.with(Encoded.of(stored.json(), View.of(tree)));
    }

    private Stored with(Encoded same) {
        return new Stored(key, same, revision, namespace, name, labels, fields, message);
    }

    /// Reads what the store holds. Stored bytes have no resourceVersion, as the revision is only known once they are
    /// written; it is put in at the start of the metadata.
    static Stored of(String key, byte[] value, long revision, KindDefinition kind) {
        return of(key, value, revision, kind, View.of(Json.parseUnmanaged(value)));
    }

    /// @param object what `value` says, for those who have just written it
    static Stored of(String key, byte[] value, long revision, KindDefinition kind, View object) {
        var fields = kind.fields().isEmpty() ? Map.<String, String>of() : new HashMap<String, String>();
        kind.fields().forEach((path, reader) -> {
            var text = reader.apply(object);
            if (!text.isEmpty()) fields.put(path.intern(), text.length() < 32 ? text.intern() : text);
        });
        return new Stored(
                key,
                Encoded.of(withRevision(value, revision)),
                revision,
                object.namespace().intern(),
                object.name(),
                // There are as many of these as objects; the small immutable maps take a fifth of the usual ones.
                Map.copyOf(object.labels()),
                Map.copyOf(fields),
                new Derived<>());
    }

    static byte[] withRevision(byte[] value, long revision) {
        int at = indexOf(value, METADATA) + METADATA.length;
        boolean empty = value[at] == '}';
        var insert = ("\"resourceVersion\":\"" + revision + (empty ? "\"" : "\",")).getBytes();
        var result = new byte[value.length + insert.length];
        System.arraycopy(value, 0, result, 0, at);
        System.arraycopy(insert, 0, result, at, insert.length);
        System.arraycopy(value, at, result, at + insert.length, value.length - at);
        return result;
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; i <= bytes.length - wanted.length; i++) {
            if (java.util.Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) return i;
        }
        throw new IllegalStateException("a stored object without metadata");
    }

    /// The bytes to be stored: kind, apiVersion and metadata first, no resourceVersion.
    static byte[] encode(Map<String, Object> object) {
        var ordered = new LinkedHashMap<String, Object>();
        ordered.put("kind", object.get("kind"));
        ordered.put("apiVersion", object.get("apiVersion"));
        var metadata = new LinkedHashMap<>(View.of(object).metadata().map());
        metadata.remove("resourceVersion");
        metadata.remove("selfLink");
        ordered.put("metadata", metadata);
        object.forEach(ordered::putIfAbsent);
        return Json.write(ordered);
    }

    byte[] json() {
        return object.json();
    }

    /// A tree of the caller's own.
    Map<String, Object> tree() {
        return Json.parseMap(object.json());
    }

    View view() {
        return View.of(tree());
    }

    /// The tree, without managed fields, that all of the process share and nobody changes.
    View read() {
        return object.view();
    }

    String field(String path) {
        return switch (path) {
            case "metadata.name" -> name;
            case "metadata.namespace" -> namespace;
            default -> fields.getOrDefault(path, "");
        };
    }

    /// The object without what the store adds, to be compared or changed.
    static Map<String, Object> withoutRevision(Map<String, Object> object) {
        Trees.remove(object, "metadata", "resourceVersion");
        return object;
    }
}
