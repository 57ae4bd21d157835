package io.navarch.schema.patch;

import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON patch (RFC 6902).
public final class JsonPatch {
    /// etcd limits a request; a patch with more operations than this is refused (413).
    private static final int MAX_OPERATIONS = 10_000;

    /// What all copies together may add, in bytes of JSON.
    private static final int MAX_COPIED = 3 << 20;

    /// How many elements of lists may make room, in all.
    private static final long MAX_MOVED = 100_000_000;

    /// What is deeper than this could not have been sent either.
    private static final int MAX_DEPTH = 500;

    private @Nullable Object root;
    private long copied;
    private long moved;

    private JsonPatch(@Nullable Object root) {
        this.root = root;
    }

    /// Applies a list of operations to a copy of the document.
    ///
    /// @throws ApiException 400 for a malformed patch, 413 for one that is too long, 422 for one that does not
    /// fit the document or makes too much of it
    public static @Nullable Object apply(Object document, @Nullable Object patch) {
        if (patch == null) return document;
        if (!(patch instanceof List<?> operations)) throw undecodable(patch, "[]handlers.jsonPatchOp");
        if (operations.size() > MAX_OPERATIONS) {
            throw new ApiException(
                    ApiException.Reason.REQUEST_ENTITY_TOO_LARGE,
                    "The allowed maximum operations in a JSON patch is " + MAX_OPERATIONS + ", got "
                            + operations.size());
        }
        var patched = new JsonPatch(Trees.copyOf(document));
        for (var operation : operations) {
            if (!(operation instanceof Map)) throw undecodable(operation, "handlers.jsonPatchOp");
            patched.step(View.of(operation));
        }
        // Moving one part into another makes it deeper each time.
        if (Trees.deeper(patched.root, MAX_DEPTH)) throw unprocessable();
        return patched.root;
    }

    private static ApiException undecodable(@Nullable Object value, String type) {
        return ApiException.badRequest("error decoding patch: json: cannot unmarshal " + GoText.kind(value)
                + " into Go value of type " + type);
    }

    private void step(View operation) {
        var value = operation.get("value").value();
        switch (operation.get("op").string()) {
            case "add" -> add(pointer(operation, "path"), Trees.copyOf(value));
            case "remove" -> remove(pointer(operation, "path"));
            case "replace" -> {
                var path = pointer(operation, "path");
                if (path.isEmpty()) root = Trees.copyOf(value);
                else replace(holder(root, path), last(path), Trees.copyOf(value));
            }
            case "move" -> {
                var from = pointer(operation, "from");
                var taken = get(root, from);
                remove(from);
                add(pointer(operation, "path"), taken);
            }
            case "copy" -> {
                var from = get(root, pointer(operation, "from"));
                add(pointer(operation, "path"), copy(from));
            }
            case "test" -> test(root, pointer(operation, "path"), value);
            default -> throw unprocessable();
        }
    }

    /// Copies of copies double with each operation.
    private @Nullable Object copy(@Nullable Object value) {
        if (Trees.deeper(value, MAX_DEPTH)) throw unprocessable();
        copied += Json.write(value).length;
        if (copied > MAX_COPIED) throw unprocessable();
        return Trees.copyOf(value);
    }

    /// Elements behind the one that comes or goes make or take room.
    private void move(int elements) {
        moved += elements;
        if (moved > MAX_MOVED) throw unprocessable();
    }

    private static void test(@Nullable Object root, String path, @Nullable Object value) {
        Object found = root;
        if (!path.isEmpty())
            found = holder(root, path) instanceof Map<?, ?> map ? map.get(last(path)) : get(root, path);
        if (!Trees.same(found, value)) throw unprocessable();
    }

    /// The answer to a patch that cannot be applied. Clients are not told why.
    static ApiException unprocessable() {
        return new ApiException(
                ApiException.Reason.INVALID,
                "the server rejected our request due to an error in our request",
                Map.of());
    }

    private static String pointer(View operation, String name) {
        if (operation.get(name).value() instanceof String text) return text;
        throw unprocessable();
    }

    /// The unescaped tokens of a pointer; whatever precedes its first slash is ignored.
    private static String[] tokens(String pointer) {
        var parts = pointer.split("/", -1);
        for (int i = 0; i < parts.length; i++)
            parts[i] = parts[i].replace("~1", "/").replace("~0", "~");
        return parts;
    }

    private static String last(String pointer) {
        var parts = tokens(pointer);
        return parts[parts.length - 1];
    }

    /// The map or list that contains the value a pointer names.
    private static Object holder(@Nullable Object root, String pointer) {
        var parts = tokens(pointer);
        Object here = parts.length < 2 ? null : root;
        for (int i = 1; i < parts.length - 1 && here != null; i++) {
            here = step(here, parts[i]);
        }
        if (here instanceof Map || here instanceof List) return here;
        throw unprocessable();
    }

    private static @Nullable Object step(Object holder, String key) {
        return switch (holder) {
            case Map<?, ?> map -> map.get(key);
            case List<?> list when has(list, key) -> list.get(index(key, list.size()));
            default -> null;
        };
    }

    private static boolean has(List<?> list, String key) {
        try {
            int index = parsed(key, list.size());
            return index >= 0 && index < list.size();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /// Negative indices count from the end.
    private static int parsed(String key, int size) {
        int index = Integer.parseInt(key);
        return index < 0 ? index + size : index;
    }

    private static int index(String key, int size) {
        try {
            int index = parsed(key, size);
            if (index >= 0 && index < size) return index;
        } catch (NumberFormatException e) {
            throw unprocessable();
        }
        throw unprocessable();
    }

    private static @Nullable Object get(@Nullable Object root, String pointer) {
        var holder = holder(root, pointer);
        var key = last(pointer);
        if (holder instanceof List<?> list) return list.get(index(key, list.size()));
        if (((Map<?, ?>) holder).containsKey(key)) return ((Map<?, ?>) holder).get(key);
        throw unprocessable();
    }

    @SuppressWarnings("unchecked")
    private static void replace(Object holder, String key, @Nullable Object value) {
        if (holder instanceof List<?> list) ((List<Object>) list).set(index(key, list.size()), value);
        else if (((Map<?, ?>) holder).containsKey(key)) ((Map<String, Object>) holder).put(key, value);
        else throw unprocessable();
    }

    @SuppressWarnings("unchecked")
    private void add(String pointer, @Nullable Object value) {
        var key = last(pointer);
        switch (holder(root, pointer)) {
            case List<?> list when key.equals("-") -> ((List<Object>) list).add(value);
            case List<?> list -> {
                int index = index(key, list.size() + 1);
                move(list.size() - index);
                ((List<Object>) list).add(index, value);
            }
            case Object map -> ((Map<String, Object>) map).put(key, value);
        }
    }

    private void remove(String pointer) {
        var key = last(pointer);
        switch (holder(root, pointer)) {
            case List<?> list -> {
                int index = index(key, list.size());
                move(list.size() - index);
                list.remove(index);
            }
            case Map<?, ?> map when map.containsKey(key) -> map.remove(key);
            default -> throw unprocessable();
        }
    }
}
