package io.navarch.schema.patch;

import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON patch (RFC 6902).
public final class JsonPatch {
    /// etcd limits a request; a patch with more operations than this is refused (413).
    private static final int MAX_OPERATIONS = 10_000;

    private JsonPatch() {}

    /// Applies a list of operations to a copy of the document.
    ///
    /// @throws ApiException 400 for a malformed patch, 422 for one that does not fit the document
    public static @Nullable Object apply(Object document, @Nullable Object patch) {
        if (patch == null) return document;
        if (!(patch instanceof List<?> operations)) throw undecodable(patch, "[]handlers.jsonPatchOp");
        if (operations.size() > MAX_OPERATIONS) {
            throw new ApiException(
                    ApiException.Reason.REQUEST_ENTITY_TOO_LARGE,
                    "The allowed maximum operations in a JSON patch is " + MAX_OPERATIONS + ", got "
                            + operations.size());
        }
        var root = new @Nullable Object[] {Trees.copyOf(document)};
        for (var operation : operations) {
            if (!(operation instanceof Map)) {
                throw undecodable(operation, "handlers.jsonPatchOp");
            }
            step(root, View.of(operation));
        }
        return root[0];
    }

    private static ApiException undecodable(@Nullable Object value, String type) {
        return ApiException.badRequest("error decoding patch: json: cannot unmarshal " + GoText.kind(value)
                + " into Go value of type " + type);
    }

    private static void step(@Nullable Object[] root, View operation) {
        var value = operation.get("value").value();
        var kind = operation.get("op").value() instanceof String text ? text : "unknown";
        switch (kind) {
            case "add" -> {
                var path = path(operation, "path", "add operation failed to decode path: missing value");
                add(
                        holder(root[0], path, "add operation does not apply: doc is missing path: \"" + path + "\""),
                        path,
                        Trees.copyOf(value),
                        "error in add for path: '" + path + "'");
            }
            case "remove" -> {
                var path = path(operation, "path", "remove operation failed to decode path: missing value");
                var at =
                        holder(root[0], path, "remove operation does not apply: doc is missing path: \"" + path + "\"");
                remove(at, path, "error in remove for path: '" + path + "'");
            }
            case "replace" -> replace(root, path(operation, "path", "replace " + UNDECODABLE + "path"), value);
            case "move" -> {
                var from = path(operation, "from", "move " + UNDECODABLE + "from");
                var at = holder(root[0], from, "move operation does not apply: doc is missing from path: " + from);
                var error = "error in move for path: '" + last(from) + "'";
                var moved = get(at, from, error);
                remove(at, from, error);
                var path = path(operation, "path", "move " + UNDECODABLE + "path");
                add(
                        holder(
                                root[0],
                                path,
                                "move operation does not apply: doc is missing destination path: " + path),
                        path,
                        moved,
                        "error in move for path: '" + path + "'");
            }
            case "copy" -> {
                var from = path(operation, "from", "copy " + UNDECODABLE + "from");
                var at = holder(root[0], from, "copy operation does not apply: doc is missing from path: " + from);
                var copied = Trees.copyOf(get(at, from, "error in copy for from: '" + from + "'"));
                var path = path(operation, "path", "copy operation failed to decode path: missing value");
                add(
                        holder(
                                root[0],
                                path,
                                "copy operation does not apply: doc is missing destination path: " + path),
                        path,
                        copied,
                        "error while adding value during copy");
            }
            case "test" -> test(root[0], path(operation, "path", "test " + UNDECODABLE + "path"), value);
            default -> throw unprocessable("Unexpected kind: " + kind);
        }
    }

    private static final String UNDECODABLE = "operation failed to decode ";

    private static String path(View operation, String name, String error) {
        if (operation.get(name).value() instanceof String text) return text;
        throw unprocessable(
                error.startsWith(UNDECODABLE, error.indexOf(' ') + 1) && !error.endsWith("missing value")
                        ? error + ": operation missing " + name + " field: missing value"
                        : error);
    }

    private static void replace(@Nullable Object[] root, String path, @Nullable Object value) {
        if (path.isEmpty()) {
            root[0] = Trees.copyOf(value);
            return;
        }
        var at = holder(root[0], path, "replace operation does not apply: doc is missing path: " + path);
        if (!has(at, last(path))) {
            throw unprocessable("replace operation does not apply: doc is missing key: " + path + ": missing value");
        }
        set(at, path, Trees.copyOf(value));
    }

    private static void test(@Nullable Object root, String path, @Nullable Object value) {
        Object found = root;
        if (!path.isEmpty()) {
            var at = holder(root, path, "test operation does not apply: is missing path: " + path);
            found = at instanceof Map<?, ?> map
                    ? map.get(last(path))
                    : get(at, path, "error in test for path: '" + path + "'");
        }
        if (!Trees.same(found, value)) throw unprocessable("testing value " + path + " failed: test failed");
    }

    /// The answer to a patch that cannot be applied.
    static ApiException unprocessable(String message) {
        return new ApiException(
                ApiException.Reason.INVALID,
                "the server rejected our request due to an error in our request: " + message,
                Map.of());
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
    private static Object holder(@Nullable Object root, String pointer, String error) {
        var parts = tokens(pointer);
        Object here = parts.length < 2 ? null : root;
        for (int i = 1; i < parts.length - 1 && here != null; i++) {
            here = step(here, parts[i]);
        }
        if (here instanceof Map || here instanceof List) return here;
        throw unprocessable(error + ": missing value");
    }

    private static @Nullable Object step(Object holder, String key) {
        return switch (holder) {
            case Map<?, ?> map -> map.get(key);
            case List<?> list when has(list, key) -> list.get(index(key, list.size()));
            default -> null;
        };
    }

    private static boolean has(Object holder, String key) {
        if (holder instanceof Map<?, ?> map) return map.containsKey(key);
        try {
            int size = ((List<?>) holder).size();
            int index = index(key, size);
            return index >= 0 && index < size;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /// Negative indices count from the end.
    private static int index(String key, int size) {
        int index = Integer.parseInt(key);
        return index < 0 ? index + size : index;
    }

    private static int index(String key, int size, String error) {
        try {
            int index = index(key, size);
            if (index >= 0 && index < size) return index;
        } catch (NumberFormatException e) {
            throw unprocessable(error + ": strconv.Atoi: parsing \"" + key + "\": invalid syntax");
        }
        throw unprocessable(error + ": Unable to access invalid index: " + key + ": invalid index referenced");
    }

    private static @Nullable Object get(Object holder, String pointer, String error) {
        var key = last(pointer);
        if (holder instanceof List<?> list) return list.get(index(key, list.size(), error));
        if (((Map<?, ?>) holder).containsKey(key)) return ((Map<?, ?>) holder).get(key);
        throw unprocessable(error + ": unable to get nonexistent key: " + key + ": missing value");
    }

    @SuppressWarnings("unchecked")
    private static void set(Object holder, String pointer, @Nullable Object value) {
        var key = last(pointer);
        if (holder instanceof Map<?, ?> map) ((Map<String, Object>) map).put(key, value);
        else ((List<Object>) holder).set(index(key, ((List<?>) holder).size()), value);
    }

    @SuppressWarnings("unchecked")
    private static void add(Object holder, String pointer, @Nullable Object value, String error) {
        var key = last(pointer);
        if (holder instanceof Map<?, ?> map) {
            ((Map<String, Object>) map).put(key, value);
            return;
        }
        var list = (List<Object>) holder;
        if (key.equals("-")) {
            list.add(value);
            return;
        }
        var reason = key.matches("[-+]?[0-9]+") ? error : error + ": value was not a proper array index: '" + key + "'";
        list.add(index(key, list.size() + 1, reason), value);
    }

    private static void remove(Object holder, String pointer, String error) {
        var key = last(pointer);
        if (holder instanceof List<?> list) {
            list.remove(index(key, list.size(), error));
        } else if (((Map<?, ?>) holder).containsKey(key)) {
            ((Map<?, ?>) holder).remove(key);
        } else {
            throw unprocessable(error + ": unable to remove nonexistent key: " + key + ": missing value");
        }
    }
}
