package io.navarch.schema.subresource;

import io.navarch.objects.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the query of a call stands for, as the object that those are shown who are asked about the call.
public final class QueryOptions {
    private static final List<String> STREAMS = List.of("stdin", "stdout", "stderr", "tty", "container");

    private QueryOptions() {}

    /// The options of a write.
    ///
    /// @param kind such as `CreateOptions`
    public static Map<String, Object> ofWrite(String kind, Map<String, List<String>> query) {
        return Trees.map(
                "kind", kind,
                "apiVersion", "meta.k8s.io/v1",
                "dryRun", query.get("dryRun"),
                "fieldManager", text(query, "fieldManager"),
                "fieldValidation", text(query, "fieldValidation"));
    }

    /// The options of a call that leads elsewhere.
    ///
    /// @param kind such as `PodExecOptions`
    public static Map<String, Object> ofConnection(String kind, String apiVersion, Map<String, List<String>> query) {
        var options = Trees.map("kind", kind, "apiVersion", apiVersion);
        for (var name : names(kind)) {
            var value = query.containsKey(name) ? value(name, query.get(name)) : null;
            if (value != null) options.put(name, value);
        }
        return options;
    }

    private static List<String> names(String kind) {
        return switch (kind) {
            case "PodExecOptions" -> List.of("stdin", "stdout", "stderr", "tty", "container", "command");
            case "PodAttachOptions" -> STREAMS;
            case "PodPortForwardOptions" -> List.of("ports");
            default -> List.of("path");
        };
    }

    private static @Nullable Object value(String name, List<String> values) {
        return switch (name) {
            case "container", "path" -> text(values);
            case "command" -> new ArrayList<Object>(values);
            case "ports" -> numbers(values);
            default -> flag(text(values)) ? Boolean.TRUE : null;
        };
    }

    private static @Nullable String text(Map<String, List<String>> query, String name) {
        return text(query.getOrDefault(name, List.of()));
    }

    private static @Nullable String text(List<String> values) {
        return values.isEmpty() || values.getFirst().isEmpty() ? null : values.getFirst();
    }

    /// As Kubernetes reads flags in a query: whatever is no word for no is yes.
    private static boolean flag(@Nullable String value) {
        return value == null || !value.equals("0") && !value.equalsIgnoreCase("false");
    }

    private static @Nullable List<Object> numbers(List<String> values) {
        try {
            var numbers = new ArrayList<Object>();
            for (var value : values) for (var each : value.split(",")) numbers.add(Long.parseLong(each.strip()));
            return numbers;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
