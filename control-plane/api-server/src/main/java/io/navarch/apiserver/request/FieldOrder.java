package io.navarch.apiserver.request;

import io.navarch.objects.FieldError;
import io.navarch.objects.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the fields of an object stood in the document that it was read from. Complaints come in that order.
final class FieldOrder {
    private final Map<String, Integer> starts = new HashMap<>();
    private final Map<String, Integer> ends = new HashMap<>();
    private final Map<String, List<String>> children = new HashMap<>();
    private int count;

    FieldOrder(Map<String, Object> tree) {
        number(tree, "");
    }

    private void number(@Nullable Object tree, String path) {
        starts.put(path, count++);
        if (tree instanceof Map<?, ?> map) {
            var fields = new ArrayList<String>();
            map.forEach((name, value) -> {
                var field = FieldError.join(path, (String) name);
                fields.add(field);
                number(value, field);
            });
            children.put(path, fields);
        }
        if (tree instanceof List<?> list)
            for (int i = 0; i < list.size(); i++) number(list.get(i), FieldError.element(path, i));
        ends.put(path, count);
    }

    /// The place of a field.
    double of(String path) {
        return starts.getOrDefault(path, Integer.MAX_VALUE);
    }

    /// The place of a key that is there for the second time: behind as many others as had been read by then.
    double of(Json.Duplicate.Field again) {
        int dot = again.path().lastIndexOf('.');
        var parent = dot < 0 ? "" : again.path().substring(0, dot);
        var fields = children.getOrDefault(parent, List.of());
        return again.others() < fields.size()
                ? of(fields.get(again.others())) - 0.5
                : ends.getOrDefault(parent, Integer.MAX_VALUE) - 0.5;
    }
}
