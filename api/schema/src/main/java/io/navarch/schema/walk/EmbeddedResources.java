package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks the whole objects that stand in fields of custom resources (`x-kubernetes-embedded-resource`): each says of
/// which kind it is.
public final class EmbeddedResources {
    private EmbeddedResources() {}

    /// Adds an error for each that is none.
    public static void validate(@Nullable Object tree, Schema schema, String path, List<FieldError> errors) {
        if (tree instanceof Map<?, ?> map) {
            if (schema.embeddedResource()) resource(View.of(map), path, errors);
            for (var entry : map.entrySet()) {
                var name = (String) entry.getKey();
                boolean known = schema.properties().containsKey(name);
                var inside = known ? schema.property(name) : schema.additional();
                if (!inside.exists()) continue;
                var at = known ? FieldError.join(path, name) : FieldError.entry(path, name);
                validate(entry.getValue(), inside, at, errors);
            }
        } else if (tree instanceof List<?> list && schema.items().exists()) {
            for (int i = 0; i < list.size(); i++)
                validate(list.get(i), schema.items(), FieldError.element(path, i), errors);
        }
    }

    private static void resource(View resource, String path, List<FieldError> errors) {
        text(resource, "apiVersion", path, errors);
        text(resource, "kind", path, errors);
        var version = resource.get("apiVersion").string();
        if (version.indexOf('/') != version.lastIndexOf('/'))
            errors.add(FieldError.invalid(
                    FieldError.join(path, "apiVersion"), version, "unexpected GroupVersion string: " + version));
        var kind = resource.get("kind").string();
        var wrong = kind.isEmpty() ? List.<String>of() : Names.dns1035Label(kind.toLowerCase(Locale.ROOT));
        if (!wrong.isEmpty())
            errors.add(FieldError.invalid(
                    FieldError.join(path, "kind"),
                    kind,
                    "may have mixed case, but should otherwise match: " + String.join(",", wrong)));
        var name = resource.metadata().get("name").string();
        if (name.isEmpty()) return;
        var at = FieldError.join(path, "metadata.name");
        for (var why : Names.pathSegment(name)) errors.add(FieldError.invalid(at, name, why));
    }

    private static void text(View resource, String name, String path, List<FieldError> errors) {
        var at = FieldError.join(path, name);
        var value = resource.get(name).value();
        if (!resource.map().containsKey(name)) errors.add(FieldError.required(at));
        else if (!(value instanceof String)) errors.add(FieldError.invalid(at, value, "must be a string"));
        else if (value.equals("")) errors.add(FieldError.invalid(at, value, "must not be empty"));
    }
}
