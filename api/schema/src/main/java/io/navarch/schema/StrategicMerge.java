package io.navarch.schema;

import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Strategic merge patch: a merge patch that merges lists by the merge keys of the schema and knows directives.
///
/// Source:
/// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
public final class StrategicMerge {
    private static final String PATCH = "$patch";
    private static final String RETAIN = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE_PRIMITIVE = "$deleteFromPrimitiveList/";

    private StrategicMerge() {}

    @SuppressWarnings("unchecked")
    public static Map<String, Object> apply(Map<String, Object> document, Object patch, Schema schema) {
        if (!(patch instanceof Map<?, ?> map)) {
            throw ApiException.badRequest("json: cannot unmarshal array into Go value of type map[string]interface {}");
        }
        return mergeMap(Trees.copy(document), (Map<String, Object>) map, schema);
    }

    private static Schema property(Schema schema, String name) {
        return schema == null ? null : schema.property(name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> mergeMap(
            Map<String, Object> original, Map<String, Object> patch, Schema schema) {
        if (patch.containsKey(PATCH)) {
            var directive = String.valueOf(patch.get(PATCH));
            if (directive.equals("replace")) {
                var replaced = new LinkedHashMap<>(patch);
                replaced.remove(PATCH);
                return Trees.copy(replaced);
            }
            if (directive.equals("delete")) return new LinkedHashMap<>();
            if (!directive.equals("merge")) throw ApiException.badRequest("Unknown patch type " + directive);
        }
        if (patch.get(RETAIN) instanceof List<?> keep) original.keySet().retainAll(keep);
        for (var entry : patch.entrySet()) {
            var name = entry.getKey();
            if (name.equals(PATCH) || name.equals(RETAIN) || name.startsWith(ORDER)) continue;
            if (name.startsWith(DELETE_PRIMITIVE)) {
                var field = name.substring(DELETE_PRIMITIVE.length());
                if (original.get(field) instanceof List<?> list) list.removeAll((List<?>) entry.getValue());
                continue;
            }
            merge(original, name, entry.getValue(), property(schema, name), patch.get(ORDER + name));
        }
        // An order may come for a list that has no other change.
        for (var name : patch.keySet()) {
            if (!name.startsWith(ORDER)) continue;
            var field = name.substring(ORDER.length());
            if (original.get(field) instanceof List<?> list) {
                original.put(
                        field, ordered((List<Object>) list, (List<Object>) patch.get(name), property(schema, field)));
            }
        }
        return original;
    }

    @SuppressWarnings("unchecked")
    private static void merge(Map<String, Object> original, String name, Object change, Schema schema, Object order) {
        if (change == null) {
            original.remove(name);
            return;
        }
        var current = original.get(name);
        if (change instanceof Map<?, ?> map) {
            var into = current instanceof Map<?, ?> existing ? (Map<String, Object>) existing : Trees.map();
            boolean replaces = schema != null && schema.patchStrategies().contains("replace");
            original.put(name, mergeMap(replaces ? Trees.map() : into, (Map<String, Object>) map, schema));
        } else if (change instanceof List<?> list && schema != null && schema.mergesOnPatch()) {
            var into = current instanceof List<?> existing ? (List<Object>) existing : new ArrayList<Object>();
            original.put(name, mergeList(into, (List<Object>) list, schema, (List<Object>) order));
        } else {
            original.put(name, withoutDirectives(Trees.copy(change)));
        }
    }

    private static Object withoutDirectives(Object tree) {
        if (tree instanceof Map<?, ?> map) {
            map.keySet().removeIf(key -> ((String) key).startsWith("$"));
            map.values().forEach(StrategicMerge::withoutDirectives);
        }
        if (tree instanceof List<?> list) list.forEach(StrategicMerge::withoutDirectives);
        return tree;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> mergeList(
            List<Object> original, List<Object> patch, Schema schema, List<Object> order) {
        if (schema.mergeKey().isEmpty()) {
            var union = new LinkedHashSet<>(original);
            union.addAll(patch);
            return ordered(new ArrayList<>(union), order, schema);
        }
        for (var element : patch) {
            if (element instanceof Map<?, ?> map
                    && "replace".equals(map.get(PATCH))
                    && !map.containsKey(schema.mergeKey())) {
                var replaced = new ArrayList<Object>();
                for (var other : patch) {
                    if (other != element) replaced.add(withoutDirectives(Trees.copy(other)));
                }
                return replaced;
            }
        }
        var result = new ArrayList<>(original);
        for (var element : patch) {
            if (!(element instanceof Map<?, ?> raw))
                throw ApiException.badRequest("invalid element in a list of objects");
            var change = (Map<String, Object>) raw;
            if (!change.containsKey(schema.mergeKey())) {
                throw ApiException.badRequest(
                        "map: " + change + " does not contain declared merge key: " + schema.mergeKey());
            }
            int at = indexOf(result, schema.mergeKey(), change.get(schema.mergeKey()));
            if ("delete".equals(change.get(PATCH))) {
                if (at >= 0) result.remove(at);
            } else if (at >= 0) {
                result.set(at, mergeMap((Map<String, Object>) result.get(at), change, schema.items()));
            } else {
                result.add(mergeMap(new LinkedHashMap<>(), change, schema.items()));
            }
        }
        return ordered(result, order, schema);
    }

    private static int indexOf(List<Object> list, String key, Object value) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Map<?, ?> map && Objects.equals(map.get(key), value)) return i;
        }
        return -1;
    }

    /// The elements that the order names come in that order; the others keep their place relative to what they follow.
    private static List<Object> ordered(List<Object> list, List<Object> order, Schema schema) {
        if (order == null || order.isEmpty()) return list;
        var key = schema == null ? "" : schema.mergeKey();
        var ranks = new ArrayList<Object>();
        for (var element : order) ranks.add(rankOf(element, key));
        var named = new ArrayList<Object>();
        for (var rank : ranks) {
            for (var element : list) if (Objects.equals(rankOf(element, key), rank)) named.add(element);
        }
        var result = new ArrayList<Object>();
        int next = 0;
        for (var element : list) {
            boolean isNamed = ranks.contains(rankOf(element, key));
            result.add(isNamed ? named.get(next++) : element);
        }
        return result;
    }

    private static Object rankOf(Object element, String key) {
        return element instanceof Map<?, ?> map ? map.get(key) : element;
    }
}
