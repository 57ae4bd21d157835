package io.navarch.apiserver.cache;

import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.Encoded;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An object as it is kept in memory: encoded once, with the labels and fields that selectors ask for beside it.
///
/// @param object the object in its stored version, resourceVersion included
/// @param message the same object as a protobuf message, once somebody has asked for it
public record StoredObject(
        String key,
        Encoded object,
        long revision,
        String namespace,
        String name,
        Selectable selectable,
        Derived<byte[]> message) {

    /// Labels and fields for selectors. Those of an object that was loaded are only extracted when somebody
    /// asks for them or reads the object, so that a start with many objects does not wait for it.
    static final class Selectable {
        private final KindDefinition kind;
        // `null` until the object has been read. Both are immutable, so it does no harm when two threads set them.
        private @Nullable Map<String, String> labels;
        private @Nullable Map<String, String> fields;

        private Selectable(KindDefinition kind) {
            this.kind = kind;
        }

        private static Selectable of(View object, KindDefinition kind) {
            var selectable = new Selectable(kind);
            selectable.learn(object);
            return selectable;
        }

        private void learn(View object) {
            var texts = kind.fields().isEmpty() ? Map.<String, String>of() : new HashMap<String, String>();
            kind.fields().forEach((path, reader) -> {
                var text = text(reader, object);
                if (!text.isEmpty()) texts.put(path.intern(), text.length() < 32 ? text.intern() : text);
            });
            // There is one of these per object; small immutable maps take a fifth of the memory of hash maps.
            fields = Map.copyOf(texts);
            labels = Map.copyOf(object.labels());
        }

        /// A field that cannot be read is not there: no object is lost for being selected by it.
        private static String text(Function<View, String> reader, View object) {
            try {
                return reader.apply(object);
            } catch (RuntimeException e) {
                return "";
            }
        }

        private boolean known() {
            return fields != null && labels != null;
        }
    }

    /// A value that can be derived again from the bytes: kept as long as memory allows.
    public static final class Derived<T> {
        private volatile @Nullable SoftReference<T> kept;

        public T orElse(Supplier<T> maker) {
            var reference = kept;
            var known = reference == null ? null : reference.get();
            if (known != null) return known;
            var made = maker.get();
            kept = new SoftReference<>(made);
            return made;
        }
    }

    private static final byte[] METADATA = "\"metadata\":{".getBytes();
    private static final byte[] VERSION = "\"apiVersion\":\"".getBytes();

    /// Reads an object that was just stored; its followers will look at it right away.
    static StoredObject fresh(String key, byte[] value, long revision, KindDefinition kind) {
        var tree = Json.parseUnmanaged(value);
        var stored = of(key, value, revision, kind, View.of(tree));
        Trees.put(tree, String.valueOf(revision), AnyObject.METADATA, ObjectMeta.RESOURCE_VERSION);
        return stored.with(Encoded.of(stored.json(), View.of(tree)));
    }

    private StoredObject with(Encoded same) {
        return new StoredObject(key, same, revision, namespace, name, selectable, message);
    }

    /// Takes stored bytes as they are, without parsing them. Stored bytes have no resourceVersion, because the
    /// revision is only known once they are written; it is inserted at the start of the metadata.
    ///
    /// @throws Json.MalformedException when the bytes cannot be an object
    static StoredObject loaded(String key, byte[] value, long revision, KindDefinition kind) {
        if (value.length < 2 || value[0] != '{' || value[value.length - 1] != '}')
            throw new Json.MalformedException("the document is not an object");
        var name = key.substring(kind.storagePrefix().length());
        int slash = kind.namespaced() ? name.indexOf('/') : -1;
        return new StoredObject(
                key,
                Encoded.of(withRevision(value, revision)),
                revision,
                slash < 0 ? "" : name.substring(0, slash).intern(),
                name.substring(slash + 1),
                new Selectable(kind),
                new Derived<>());
    }

    /// Reads stored bytes.
    public static StoredObject of(String key, byte[] value, long revision, KindDefinition kind) {
        return of(key, value, revision, kind, View.of(Json.parseUnmanaged(value)));
    }

    /// @param object the parsed `value`, for callers that have just written it
    public static StoredObject of(String key, byte[] value, long revision, KindDefinition kind, View object) {
        return new StoredObject(
                key,
                Encoded.of(withRevision(value, revision)),
                revision,
                object.namespace().intern(),
                object.name(),
                Selectable.of(object, kind),
                new Derived<>());
    }

    /// An object that was only tried (a dry run) has revision 0, and no version.
    static byte[] withRevision(byte[] value, long revision) {
        if (revision == 0) return value;
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
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) return i;
        }
        throw new Json.MalformedException("a stored object without metadata");
    }

    /// The same object in another version, with what it is selected by there.
    StoredObject shown(Map<String, Object> tree, KindDefinition kind) {
        var view = View.of(tree);
        return new StoredObject(
                key,
                Encoded.of(encodeRead(tree), view),
                revision,
                namespace,
                name,
                Selectable.of(view, kind),
                new Derived<>());
    }

    /// Whether this is what it is stored as, as far as its first bytes tell: what is encoded here begins with the kind.
    public boolean is(String apiVersion) {
        return is(object.json(), apiVersion);
    }

    public static boolean is(byte[] bytes, String apiVersion) {
        int comma = indexOf(bytes, VERSION);
        int at = comma + VERSION.length;
        var wanted = apiVersion.getBytes(StandardCharsets.UTF_8);
        return at + wanted.length < bytes.length
                && bytes[at + wanted.length] == '"'
                && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
    }

    /// The bytes to be stored: kind, apiVersion and metadata first, no resourceVersion.
    public static byte[] encode(Map<String, Object> object) {
        var metadata = new LinkedHashMap<>(View.of(object).metadata().map());
        metadata.remove(ObjectMeta.RESOURCE_VERSION);
        return encode(object, metadata);
    }

    /// The same of an object as it is read, with a resourceVersion.
    private static byte[] encodeRead(Map<String, Object> object) {
        return encode(object, View.of(object).metadata().map());
    }

    private static byte[] encode(Map<String, Object> object, Map<String, Object> metadata) {
        var ordered = new LinkedHashMap<String, Object>();
        ordered.put(AnyObject.KIND, object.get(AnyObject.KIND));
        ordered.put(AnyObject.API_VERSION, object.get(AnyObject.API_VERSION));
        ordered.put(AnyObject.METADATA, metadata);
        object.forEach(ordered::putIfAbsent);
        return Json.write(ordered);
    }

    public byte[] json() {
        return object.json();
    }

    /// A tree of the caller's own.
    public Map<String, Object> tree() {
        return Json.parseMap(object.json());
    }

    public View view() {
        return View.of(tree());
    }

    /// The tree without managed fields; the whole process shares it and nobody changes it.
    ///
    /// @throws Json.MalformedException when it was loaded and is not JSON
    public View read() {
        var view = object.view();
        if (!selectable.known()) selectable.learn(view);
        return view;
    }

    /// Whether it has been read before, and therefore can be.
    public boolean readable() {
        return selectable.known();
    }

    public Map<String, String> labels() {
        var known = selectable.labels;
        if (known != null || !learned()) return known == null ? Map.of() : known;
        return labels();
    }

    private Map<String, String> fields() {
        var known = selectable.fields;
        if (known != null || !learned()) return known == null ? Map.of() : known;
        return fields();
    }

    /// An object that cannot be read has nothing to be selected by; its cache drops it as soon as it notices.
    private boolean learned() {
        try {
            read();
            return true;
        } catch (Json.MalformedException e) {
            return false;
        }
    }

    public String field(String path) {
        return switch (path) {
            case "metadata.name" -> name;
            case "metadata.namespace" -> namespace;
            default -> fields().getOrDefault(path, "");
        };
    }

    /// The object in its last state, under the revision at which it was deleted.
    public StoredObject deletedAt(long deletion) {
        var tree = tree();
        Trees.put(tree, String.valueOf(deletion), AnyObject.METADATA, ObjectMeta.RESOURCE_VERSION);
        return new StoredObject(
                key,
                Encoded.of(Json.write(tree), View.of(tree)),
                deletion,
                namespace,
                name,
                selectable,
                new Derived<>());
    }

    /// The object without the revision that the store adds, to be compared or changed.
    public static Map<String, Object> withoutRevision(Map<String, Object> object) {
        Trees.remove(object, AnyObject.METADATA, ObjectMeta.RESOURCE_VERSION);
        return object;
    }
}
