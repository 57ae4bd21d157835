package io.navarch.schema.patch;

import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Strategic merge patch: a merge patch with directives that merges lists by the merge keys of the schema.
///
/// Source:
/// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
public final class StrategicMerge {
    private static final String PATCH = "$patch";
    private static final String RETAIN = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE_PRIMITIVE = "$deleteFromPrimitiveList/";

    private StrategicMerge() {}

    /// The patched copy of a document.
    ///
    /// @throws ApiException 400 for directives of a wrong form; 500 without a reason for a patch that contradicts
    /// itself or the schema, as the published API answers
    @SuppressWarnings("unchecked")
    public static Map<String, Object> apply(Map<String, Object> document, @Nullable Object patch, Schema schema) {
        if (patch == null) return Trees.copy(document);
        if (!(patch instanceof Map<?, ?> map)) {
            throw ApiException.badRequest(
                    "json: cannot unmarshal " + GoText.kind(patch) + " into Go value of type map[string]interface {}");
        }
        return mergeMap(Trees.copy(document), (Map<String, Object>) Trees.copy(map), schema);
    }

    private static ApiException contradiction(String message) {
        return new ApiException(ApiException.Reason.UNKNOWN, message);
    }

    private static Map<String, Object> mergeMap(
            Map<String, Object> original, Map<String, Object> patch, Schema schema) {
        if (patch.containsKey(PATCH)) {
            var directive = patch.remove(PATCH);
            if ("replace".equals(directive)) return patch;
            if ("delete".equals(directive)) return new LinkedHashMap<>();
            patch.put(PATCH, directive);
            throw unknownDirective(directive, patch);
        }
        retain(original, patch);
        for (var key : List.copyOf(patch.keySet())) {
            if (!key.startsWith(ORDER)) continue;
            var order = list(patch.remove(key));
            var name = key.substring(ORDER.length());
            var field = schema.property(name);
            boolean present = original.containsKey(name);
            boolean changed = patch.containsKey(name);
            if (!present && !changed) continue;
            var there = list(original.get(name));
            var change = list(patch.remove(name));
            var mergeKey = field.mergeKey();
            if (changed) follows(change, order, mergeKey);
            var merged = there;
            if (!present) merged = new ArrayList<>(withoutDirectives(change));
            else if (changed) merged = mergeSlice(there, change, field);
            original.put(name, inOrder(merged, order, there, mergeKey));
        }
        patch.forEach((key, change) -> merge(original, key, change, schema));
        return original;
    }

    private static ApiException unknownDirective(Object directive, Map<String, Object> patch) {
        return contradiction("unknown patch type: " + directive + " in map: " + GoText.of(patch));
    }

    /// Clears the fields that the directive does not name; the patch may set none of those.
    private static void retain(Map<String, Object> original, Map<String, Object> patch) {
        if (!patch.containsKey(RETAIN)) return;
        if (!(patch.remove(RETAIN) instanceof List<?> kept)) throw badRetainKeys();
        patch.forEach((key, value) -> {
            boolean directive = key.startsWith(DELETE_PRIMITIVE) || key.startsWith(ORDER);
            if (value != null && !directive && !kept.contains(key)) throw badRetainKeys();
        });
        original.keySet().retainAll(kept);
    }

    private static ApiException badRetainKeys() {
        return ApiException.badRequest("invalid patch format of retainKeys");
    }

    private static void merge(Map<String, Object> original, String key, Object change, Schema schema) {
        if (key.startsWith(DELETE_PRIMITIVE)) {
            var name = key.substring(DELETE_PRIMITIVE.length());
            if (!(original.get(name) instanceof List<?> there)) return;
            if (change instanceof List<?> gone) {
                var taken = new HashSet<Object>(gone);
                original.put(
                        name,
                        new ArrayList<Object>(there.stream()
                                .filter(item -> !taken.contains(item))
                                .toList()));
            } else if (change != null) {
                throw ApiException.badRequest("invalid patch format of primitive list");
            }
            return;
        }
        var field = schema.property(key);
        var current = original.get(key);
        if (change == null) {
            original.remove(key);
        } else if (change instanceof Map<?, ?> map && current instanceof Map<?, ?> there) {
            boolean replaces = field.patchStrategies().contains("replace");
            original.put(key, replaces ? map : mergeMap(tree(there), tree(map), field));
        } else if (change instanceof List<?> && current instanceof List<?> && field.mergesOnPatch()) {
            original.put(key, mergeSlice(list(current), list(change), field));
        } else {
            original.put(key, change instanceof List<?> && current instanceof List<?> ? change : clean(change));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> tree(Object map) {
        return (Map<String, Object>) map;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(@Nullable Object value) {
        if (value instanceof List<?> list) return (List<Object>) list;
        if (value == null) return new ArrayList<>();
        throw contradiction("expected a []interface {}, but received a " + GoText.type(value));
    }

    private static List<Object> mergeSlice(List<Object> original, List<Object> patch, Schema schema) {
        if (original.isEmpty() && patch.isEmpty()) return original;
        boolean maps = oneType(original, patch);
        var mergeKey = schema.mergeKey();
        if (!maps) {
            var both = new LinkedHashSet<>(original);
            both.addAll(patch);
            return inOrder(new ArrayList<>(both), patch, original, "");
        }
        if (mergeKey.isEmpty()) throw contradiction("cannot merge lists without merge key for " + schema.typeName());
        var result = new ArrayList<>(original);
        var changes = new ArrayList<Object>();
        var deleted = new HashSet<@Nullable Object>();
        boolean replace = false;
        for (var element : patch) {
            var change = tree(element);
            switch (change.get(PATCH)) {
                case null -> changes.add(change);
                case Object directive when directive.equals("replace") -> replace = true;
                case Object directive
                when directive.equals("delete") -> {
                    deleted.add(keyOf(change, mergeKey));
                }
                case Object directive
                when directive.equals("merge") ->
                    throw contradiction("merging lists cannot yet be specified in the patch");
                case Object directive -> throw unknownDirective(directive, change);
            }
        }
        if (replace) return new ArrayList<>(withoutDirectives(changes));
        if (!deleted.isEmpty())
            result.removeIf(item -> item instanceof Map<?, ?> map && deleted.contains(map.get(mergeKey)));
        var server = List.copyOf(result);
        var places = places(result, mergeKey);
        for (var element : changes) {
            var change = tree(element);
            var at = places.putIfAbsent(keyOf(change, mergeKey), result.size());
            if (at == null) result.add(clean(change));
            else result.set(at, mergeMap(tree(result.get(at)), change, schema.items()));
        }
        return inOrder(result, changes, server, mergeKey);
    }

    /// Whether the elements are objects; all must have the same type.
    private static boolean oneType(List<Object> original, List<Object> patch) {
        String type = null;
        for (var side : List.of(original, patch)) {
            for (var element : side) {
                var kind = GoText.type(element);
                if (kind.startsWith("[]")) throw JsonPatch.unprocessable();
                if (type == null) type = kind;
                else if (!type.equals(kind)) {
                    throw contradiction("list element types are not identical: [" + GoText.of(original) + " "
                            + GoText.of(patch) + "]");
                }
            }
        }
        return type != null && type.startsWith("map");
    }

    private static @Nullable Object keyOf(Map<String, Object> element, String mergeKey) {
        if (element.containsKey(mergeKey)) return element.get(mergeKey);
        throw contradiction("map: " + GoText.of(element) + " does not contain declared merge key: " + mergeKey);
    }

    /// What identifies an element: the value of its merge key, or the element itself.
    private static @Nullable Object rank(@Nullable Object element, String mergeKey) {
        return !mergeKey.isEmpty() && element instanceof Map<?, ?> map ? map.get(mergeKey) : element;
    }

    /// Where the elements of a list stand; of those that are the same, the first.
    private static Map<@Nullable Object, Integer> places(List<Object> list, String mergeKey) {
        var places = new HashMap<@Nullable Object, Integer>();
        for (int i = 0; i < list.size(); i++) places.putIfAbsent(rank(list.get(i), mergeKey), i);
        return places;
    }

    /// Elements that the patch names take its order; each of the others goes before the first of them that followed
    /// it in the original.
    private static List<Object> inOrder(List<Object> merged, List<Object> order, List<Object> server, String mergeKey) {
        var wanted = places(order, mergeKey);
        var before = places(server, mergeKey);
        var known = new ArrayList<Object>();
        var others = new ArrayList<Object>();
        for (var element : merged) {
            if (!mergeKey.isEmpty() && element instanceof Map<?, ?> map) keyOf(tree(map), mergeKey);
            boolean named = wanted.containsKey(rank(element, mergeKey));
            (named ? known : others).add(element);
        }
        known.sort(Comparator.comparingInt(element -> wanted.getOrDefault(rank(element, mergeKey), 0)));
        var result = new ArrayList<Object>();
        int next = 0;
        for (var element : known) {
            int place = before.getOrDefault(rank(element, mergeKey), -1);
            while (next < others.size()) {
                int other = before.getOrDefault(rank(others.get(next), mergeKey), -1);
                if (other < 0 || place < 0 || other > place) break;
                result.add(others.get(next++));
            }
            result.add(element);
        }
        result.addAll(others.subList(next, others.size()));
        return result;
    }

    /// Checks that the patch lists elements in the order that it demands.
    private static void follows(List<Object> patch, List<Object> order, String mergeKey) {
        if (order.isEmpty() || patch.isEmpty()) return;
        int at = 0;
        for (var element : patch) {
            if (element instanceof Map<?, ?> map && map.containsKey(PATCH)) continue;
            while (at < order.size() && !Objects.equals(rank(order.get(at), mergeKey), rank(element, mergeKey))) at++;
            if (at++ >= order.size()) {
                throw contradiction("The order in patch list:\n" + GoText.of(patch)
                        + "\n doesn't match $setElementOrder list:\n" + GoText.of(order) + "\n");
            }
        }
    }

    private static List<Object> withoutDirectives(List<Object> list) {
        return list.stream()
                .filter(element -> !(element instanceof Map<?, ?> map && map.containsKey(PATCH)))
                .map(StrategicMerge::clean)
                .toList();
    }

    /// A new value without what only instructs the merge: directives, and `null`s with nothing to remove.
    private static @Nullable Object clean(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> map) {
            map.entrySet().removeIf(entry -> ((String) entry.getKey()).startsWith("$") || entry.getValue() == null);
            tree(map).replaceAll((key, value) -> clean(value));
        }
        if (tree instanceof List<?> list) return new ArrayList<>(withoutDirectives(list(list)));
        return tree;
    }
}
