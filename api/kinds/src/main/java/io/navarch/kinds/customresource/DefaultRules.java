package io.navarch.kinds.customresource;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.types.CustomSchema;
import io.navarch.schema.types.Schema;
import io.navarch.schema.walk.CustomForm;
import io.navarch.schema.walk.EmbeddedResources;
import io.navarch.schema.walk.StructuralValidation;
import io.navarch.schema.walk.UnknownFields;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A default is a value that the schema accepts as it is.
final class DefaultRules {
    private static final Set<String> OF_OBJECTS = Set.of("metadata", "kind", "apiVersion");

    private final Check check;

    private DefaultRules(Check check) {
        this.check = check;
    }

    /// @return whether nothing is wrong
    static boolean check(View schema, String path, Check check) {
        int before = check.errors().size();
        new DefaultRules(check).schema(schema, true, false, path);
        return check.errors().size() == before;
    }

    /// @param object whether whole objects stand here
    /// @param ofObject whether this is part of what every object has
    private void schema(View schema, boolean object, boolean ofObject, String path) {
        boolean resource =
                object || schema.get("x-kubernetes-embedded-resource").bool();
        boolean own = ofObject && !resource;
        if (schema.get("default").exists()) fallback(schema, resource, own, path + ".default");
        if (schema.get("items").isMap()) schema(schema.get("items"), false, own, path + ".items");
        schema.get("properties")
                .map()
                .forEach((name, property) -> schema(
                        View.of(property),
                        false,
                        own || resource && OF_OBJECTS.contains(name),
                        FieldError.entry(path + ".properties", name)));
    }

    private void fallback(View schema, boolean resource, boolean own, String path) {
        var value = schema.get("default").value();
        var type = resource ? CustomSchema.ofResources(schema) : CustomSchema.read(schema);
        if (!own) {
            if (!pruned(value, type)) check.invalid(path, value, "must not have unknown fields");
            var errors = new FieldErrors();
            EmbeddedResources.validate(value, type, path, errors);
            check.addAll(errors);
            if (!errors.isEmpty()) return;
        }
        var errors = new FieldErrors();
        StructuralValidation.validate(value, null, CustomSchema.read(schema), errors);
        for (var error : errors) check.add(error.below(path));
    }

    private static boolean pruned(@Nullable Object value, Schema type) {
        if (value == null) return true;
        var unknown = new UnknownFields();
        CustomForm.prunePart(Trees.copy(value), type, unknown);
        return unknown.isEmpty();
    }
}
