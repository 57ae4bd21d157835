package io.navarch.schema;

import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;

/// RFC 6902 (JSON patch) and RFC 7386 (JSON merge patch).
public final class JsonPatch {
    /// etcd limits a request; a patch with more operations than this is refused (413).
    private static final int MAX_OPERATIONS = 10_000;

    private JsonPatch() {}

    /// Applies a list of operations to a copy of the document.
    ///
    /// @throws ApiException 400 for a malformed patch, 422 for one that does not fit the document
    public static Object apply(Object document, Object patch) {
        if (!(patch instanceof List<?> operations)) {
            throw ApiException.badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
        }
        if (operations.size() > MAX_OPERATIONS) {
            throw new ApiException(
                    ApiException.Reason.REQUEST_ENTITY_TOO_LARGE,
                    "The allowed maximum operations in a JSON patch is " + MAX_OPERATIONS + ", got "
                            + operations.size());
        }
        var root = new Object[] {Trees.copy(document)};
        for (var operation : operations) step(root, View.of(operation));
        return root[0];
    }

    private static void step(Object[] root, View operation) {
        var path = operation.get("path");
        if (!(path.value() instanceof String pointer)) throw ApiException.badRequest("missing path in JSON patch");
        var value = operation.get("value").value();
        switch (operation.get("op").string()) {
            case "add" -> put(root, pointer, Trees.copy(value), true);
            case "replace" -> {
                find(root[0], pointer, "replace");
                put(root, pointer, Trees.copy(value), false);
            }
            case "remove" -> remove(root[0], pointer);
            case "copy" ->
                put(
                        root,
                        pointer,
                        Trees.copy(find(root[0], operation.get("from").string(), "copy")),
                        true);
            case "move" -> {
                var moved = find(root[0], operation.get("from").string(), "move");
                remove(root[0], operation.get("from").string());
                put(root, pointer, moved, true);
            }
            case "test" -> {
                Object found;
                try {
                    found = find(root[0], pointer, "test");
                } catch (ApiException e) {
                    if (value != null) throw e;
                    found = null;
                }
                if (!Trees.semanticEquals(found, value)) {
                    throw unprocessable("testing value " + pointer + " failed: test failed");
                }
            }
            default ->
                throw ApiException.badRequest(
                        "Unexpected kind: " + operation.get("op").string());
        }
    }

    private static ApiException unprocessable(String message) {
        return new ApiException(
                ApiException.Reason.INVALID,
                "the server rejected our request due to an error in our request: " + message);
    }

    private static String[] tokens(String pointer) {
        if (pointer.isEmpty()) return new String[0];
        if (!pointer.startsWith("/")) throw unprocessable("invalid path \"" + pointer + "\"");
        var parts = pointer.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++)
            parts[i] = parts[i].replace("~1", "/").replace("~0", "~");
        return parts;
    }

    private static Object find(Object root, String pointer, String what) {
        var here = root;
        for (var token : tokens(pointer)) {
            if (here instanceof Map<?, ?> map && map.containsKey(token)) here = map.get(token);
            else if (here instanceof List<?> list) here = list.get(index(token, list.size() - 1, pointer));
            else
                throw unprocessable(
                        what + " operation does not apply: doc is missing path: \"" + pointer + "\": missing value");
        }
        return here;
    }

    private static int index(String token, int last, String pointer) {
        try {
            int index = Integer.parseInt(token);
            if (index < 0 && index >= -last - 1) index += last + 1;
            if (index >= 0 && index <= last) return index;
        } catch (NumberFormatException e) {
            // Falls through to the same answer.
        }
        throw unprocessable("invalid index referenced: \"" + pointer + "\"");
    }

    @SuppressWarnings("unchecked")
    private static void put(Object[] root, String pointer, Object value, boolean insert) {
        var tokens = tokens(pointer);
        if (tokens.length == 0) {
            root[0] = value;
            return;
        }
        var last = tokens[tokens.length - 1];
        switch (find(root[0], parent(pointer), "add")) {
            case Map<?, ?> map -> ((Map<String, Object>) map).put(last, value);
            case List<?> raw -> {
                var list = (List<Object>) raw;
                if (!insert) list.set(index(last, list.size() - 1, pointer), value);
                else if (last.equals("-")) list.add(value);
                else list.add(index(last, list.size(), pointer), value);
            }
            case null, default ->
                throw unprocessable("add operation does not apply: doc is missing path: \"" + pointer + "\"");
        }
    }

    private static void remove(Object root, String pointer) {
        find(root, pointer, "remove");
        var tokens = tokens(pointer);
        if (tokens.length == 0) throw unprocessable("cannot remove the whole document");
        var last = tokens[tokens.length - 1];
        var holder = find(root, parent(pointer), "remove");
        if (holder instanceof Map<?, ?> map) map.remove(last);
        if (holder instanceof List<?> list) list.remove(index(last, list.size() - 1, pointer));
    }

    private static String parent(String pointer) {
        return pointer.substring(0, pointer.lastIndexOf('/'));
    }

    /// Merges the patch into a copy: `null` removes, maps merge, everything else replaces.
    @SuppressWarnings("unchecked")
    public static Map<String, Object> merge(Map<String, Object> document, Object patch) {
        if (!(patch instanceof Map<?, ?> map)) {
            throw ApiException.badRequest("json: cannot unmarshal " + Json.writeString(patch)
                    + " into Go value of type map[string]interface {}");
        }
        return (Map<String, Object>) mergeValue(Trees.copy(document), map);
    }

    @SuppressWarnings("unchecked")
    private static Object mergeValue(Object target, Object patch) {
        if (!(patch instanceof Map<?, ?> changes)) return Trees.copy(patch);
        var result = target instanceof Map<?, ?> map ? (Map<String, Object>) map : Trees.map();
        changes.forEach((key, value) -> {
            if (value == null) result.remove(key);
            else result.put((String) key, mergeValue(result.get(key), value));
        });
        return result;
    }
}
