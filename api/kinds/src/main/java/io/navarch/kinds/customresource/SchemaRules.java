package io.navarch.kinds.customresource;

import io.navarch.objects.View;
import io.navarch.schema.ObjectRules;
import io.navarch.schema.types.Lazy;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The rules that a schema of custom resources has under `x-kubernetes-validations`.
///
/// Source:
/// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
public final class SchemaRules {
    private SchemaRules() {}

    private static final String RULES = "x-kubernetes-validations";

    /// Made when the first object is written: most definitions rest for most of the time.
    ///
    /// @param declared the schema of a version, as its definition has it
    public static ObjectRules of(Supplier<Map<String, Object>> declared) {
        if (!any(declared.get())) return ObjectRules.NONE;
        var root = new Lazy<>(() -> RuleNode.of(View.of(declared.get())));
        return (object, old) -> {
            var check = new RuleCheck();
            var value = object.value();
            if (value != null) root.get().ifPresent(node -> check.check(node, value, old.value()));
            return new ObjectRules.Outcome(check.errors(), check.warnings());
        };
    }

    private static boolean any(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> map ->
                map.containsKey(RULES) || map.values().stream().anyMatch(SchemaRules::any);
            case List<?> list -> list.stream().anyMatch(SchemaRules::any);
            case null, default -> false;
        };
    }
}
