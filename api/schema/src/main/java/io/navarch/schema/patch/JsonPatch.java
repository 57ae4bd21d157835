package io.navarch.schema.patch;

import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON patch (RFC 6902), as lenient as Kubernetes': what is not there can be replaced, and a copy of it is `null`.
public final class JsonPatch {
    /// etcd limits a request; a patch with more operations than this is refused (413).
    private static final int MAX_OPERATIONS = 10_000;

    /// What all copies together may add, in bytes of JSON.
    private static final int MAX_COPIED = 3 << 20;

    /// How many elements of lists may make room, in all.
    private static final long MAX_MOVED = 100_000_000;

    /// What is deeper than this could not have been sent either.
    private static final int MAX_DEPTH = 500;

    private static final String UNPROCESSABLE = "the server rejected our request due to an error in our request";
    private static final String MISSING = "missing value";
    private static final String UNKNOWN = "unknown";
    private static final String TOO_MUCH = "the patch makes too much of the document";

    /// The patch does not fit the document. Whoever sends a patch is not told why.
    public static class UnfitException extends ApiException {
        private final String why;

        private UnfitException(String why) {
            super(Reason.INVALID, UNPROCESSABLE, Map.of());
            this.why = why;
        }

        /// What is told of the patch of somebody else.
        public String why() {
            return why;
        }
    }

    /// The document is not as an operation wants it.
    public static final class TestFailedException extends UnfitException {
        private TestFailedException(String path) {
            super("testing value " + path + " failed: test failed");
        }
    }

    /// One step cannot be done; the operation says what that means.
    private static final class StepException extends Exception {
        StepException(String message) {
            super(message, null, false, false);
        }
    }

    private @Nullable Object root;
    private long copied;
    private long moved;

    private JsonPatch(@Nullable Object root) {
        this.root = root;
    }

    /// Applies a list of operations to a copy of the document.
    ///
    /// @throws ApiException 400 for a malformed patch, 413 for one that is too long
    /// @throws UnfitException for one that does not fit the document or makes too much of it (422)
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
        if (Trees.deeper(patched.root, MAX_DEPTH)) throw new UnfitException(TOO_MUCH);
        return patched.root;
    }

    private static ApiException undecodable(@Nullable Object value, String type) {
        return ApiException.badRequest("error decoding patch: json: cannot unmarshal " + GoText.kind(value)
                + " into Go value of type " + type);
    }

    private void step(View operation) {
        var value = operation.get("value").value();
        var name = operation.get("op").value() instanceof String text ? text : UNKNOWN;
        switch (name) {
            case "add" -> add(operation, Trees.copyOf(value));
            case "remove" -> remove(pointer(operation, "path", "remove operation failed to decode path", MISSING));
            case "replace" -> replace(path(operation, name), Trees.copyOf(value));
            case "move" -> move(operation);
            case "copy" -> copy(operation);
            case "test" -> test(path(operation, name), value);
            default -> throw new UnfitException("Unexpected kind: " + name);
        }
    }

    private static String path(View operation, String name) {
        return pointer(
                operation,
                "path",
                name + " operation failed to decode path",
                "operation missing path field: " + MISSING);
    }

    private static String from(View operation, String name) {
        return pointer(
                operation,
                "from",
                name + " operation failed to decode from",
                "operation, missing from field: " + MISSING);
    }

    private static String pointer(View operation, String field, String what, String why) {
        if (operation.get(field).value() instanceof String text) return text;
        throw new UnfitException(what + ": " + why);
    }

    private void add(View operation, @Nullable Object value) {
        var path = pointer(operation, "path", "add operation failed to decode path", MISSING);
        var holder = holder(path, "add operation does not apply: doc is missing path: \"" + path + "\"");
        try {
            add(holder, last(path), value);
        } catch (StepException e) {
            throw failed("add for path", path, e);
        }
    }

    private void remove(String path) {
        var holder = holder(path, "remove operation does not apply: doc is missing path: \"" + path + "\"");
        try {
            remove(holder, last(path));
        } catch (StepException e) {
            throw failed("remove for path", path, e);
        }
    }

    private void replace(String path, @Nullable Object value) {
        if (path.isEmpty()) {
            if (!(value instanceof Map || value instanceof List))
                throw new UnfitException("replace operation value must be object or array: %!w(<nil>)");
            root = value;
            return;
        }
        var holder = holder(path, "replace operation does not apply: doc is missing path: " + path);
        try {
            get(holder, last(path));
        } catch (StepException e) {
            throw new UnfitException("replace operation does not apply: doc is missing key: " + path + ": " + MISSING);
        }
        try {
            set(holder, last(path), value);
        } catch (StepException e) {
            throw failed("remove for path", path, e);
        }
    }

    private void move(View operation) {
        var from = from(operation, "move");
        var source = holder(from, "move operation does not apply: doc is missing from path: " + from);
        Object taken;
        try {
            taken = get(source, last(from));
            remove(source, last(from));
        } catch (StepException e) {
            throw failed("move for path", last(from), e);
        }
        var path = path(operation, "move");
        var target = holder(path, "move operation does not apply: doc is missing destination path: " + path);
        try {
            add(target, last(path), taken);
        } catch (StepException e) {
            throw failed("move for path", path, e);
        }
    }

    private void copy(View operation) {
        var from = from(operation, "copy");
        var source = holder(from, "copy operation does not apply: doc is missing from path: " + from);
        Object found;
        try {
            found = get(source, last(from));
        } catch (StepException e) {
            throw failed("copy for from", from, e);
        }
        var path = pointer(operation, "path", "copy operation failed to decode path", MISSING);
        var target = holder(path, "copy operation does not apply: doc is missing destination path: " + path);
        var copy = copied(found);
        try {
            add(target, last(path), copy);
        } catch (StepException e) {
            throw new UnfitException("error while adding value during copy: " + e.getMessage());
        }
    }

    /// Copies of copies double with each operation.
    private @Nullable Object copied(@Nullable Object value) {
        if (value == null) return null;
        if (Trees.deeper(value, MAX_DEPTH)) throw new UnfitException(TOO_MUCH);
        copied += Json.write(value).length;
        if (copied > MAX_COPIED)
            throw new UnfitException("Unable to complete the copy, the accumulated size increase of copy is " + copied
                    + ", exceeding the limit " + MAX_COPIED);
        return Trees.copyOf(value);
    }

    private void test(String path, @Nullable Object value) {
        Object found = root;
        if (!path.isEmpty()) {
            var holder = holder(path, "test operation does not apply: is missing path: " + path);
            try {
                found = get(holder, last(path));
            } catch (StepException e) {
                throw failed("test for path", path, e);
            }
        }
        if (!Trees.same(found, value)) throw new TestFailedException(path);
    }

    /// The answer to a patch of another sort that cannot be applied.
    static ApiException unprocessable() {
        return new UnfitException(TOO_MUCH);
    }

    private static UnfitException failed(String what, String path, StepException why) {
        return new UnfitException("error in " + what + ": '" + path + "': " + why.getMessage());
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
    ///
    /// @param missing what is told where there is none
    private Object holder(String pointer, String missing) {
        var parts = tokens(pointer);
        Object here = parts.length < 2 ? null : root;
        try {
            for (int i = 1; i < parts.length - 1 && here != null; i++)
                here = here instanceof Map || here instanceof List ? get(here, parts[i]) : null;
        } catch (StepException e) {
            here = null;
        }
        if (here instanceof Map || here instanceof List) return here;
        throw new UnfitException(missing + ": " + MISSING);
    }

    /// What a map does not have is `null`.
    private static @Nullable Object get(Object holder, String key) throws StepException {
        if (!(holder instanceof List<?> list)) return ((Map<?, ?>) holder).get(key);
        return list.get(existing(key, list.size()));
    }

    @SuppressWarnings("unchecked")
    private static void set(Object holder, String key, @Nullable Object value) throws StepException {
        if (holder instanceof List<?> list) ((List<Object>) list).set(existing(key, list.size()), value);
        else ((Map<String, Object>) holder).put(key, value);
    }

    @SuppressWarnings("unchecked")
    private void add(Object holder, String key, @Nullable Object value) throws StepException {
        if (!(holder instanceof List<?> list)) {
            ((Map<String, Object>) holder).put(key, value);
            return;
        }
        int index = list.size();
        if (!key.equals("-")) {
            try {
                index = within(number(key), list.size() + 1);
            } catch (NumberFormatException e) {
                throw new StepException("value was not a proper array index: '" + key + "': " + wrong(key));
            }
        }
        shift(list.size() - index);
        ((List<Object>) list).add(index, value);
    }

    private void remove(Object holder, String key) throws StepException {
        if (holder instanceof List<?> list) {
            int index = existing(key, list.size());
            shift(list.size() - index);
            list.remove(index);
            return;
        }
        var map = (Map<?, ?>) holder;
        if (!map.containsKey(key)) throw new StepException("Unable to remove nonexistent key: " + key + ": " + MISSING);
        map.remove(key);
    }

    /// Elements behind the one that comes or goes make or take room.
    private void shift(int elements) {
        moved += elements;
        if (moved > MAX_MOVED) throw new UnfitException(TOO_MUCH);
    }

    private static int existing(String key, int size) throws StepException {
        try {
            return within(number(key), size);
        } catch (NumberFormatException e) {
            throw new StepException(wrong(key));
        }
    }

    private static long number(String key) {
        return Long.parseLong(key);
    }

    private static String wrong(String key) {
        boolean digits = key.matches("[+-]?[0-9]+");
        return "strconv.Atoi: parsing " + GoText.quoted(key) + ": "
                + (digits ? "value out of range" : "invalid syntax");
    }

    /// Negative indices count from the end.
    private static int within(long index, int size) throws StepException {
        long found = index < 0 ? index + size : index;
        if (found >= 0 && found < size) return (int) found;
        throw new StepException("Unable to access invalid index: " + index + ": invalid index referenced");
    }
}
