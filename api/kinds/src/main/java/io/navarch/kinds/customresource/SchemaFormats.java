package io.navarch.kinds.customresource;

import io.navarch.model.CustomResourceDefinition;
import io.navarch.objects.View;
import io.navarch.schema.types.Formats;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The formats that schemas name; whoever names others is told that these mean nothing.
final class SchemaFormats {
    private static final List<String> ONE = List.of("items", "additionalProperties", "not", "additionalItems");
    private static final List<String> LISTS = List.of("allOf", "oneOf", "anyOf", "items");
    private static final List<String> NAMED = List.of("properties", "patternProperties", "definitions", "dependencies");

    private SchemaFormats() {}

    /// Warnings about formats that the definition did not name before.
    ///
    /// @param old absent on create
    static List<String> warnings(CustomResourceDefinition definition, CustomResourceDefinition old) {
        var unknown = unknown(definition);
        unknown.removeAll(unknown(old));
        return unknown.stream()
                .map(format -> "unrecognized format \"" + format + "\"")
                .toList();
    }

    private static Set<String> unknown(CustomResourceDefinition definition) {
        var found = new ArrayList<String>();
        for (var version : definition.view().spec().get("versions").views())
            walk(version.get("schema", "openAPIV3Schema"), found);
        return new LinkedHashSet<>(found);
    }

    private static void walk(View schema, List<String> found) {
        if (!schema.isMap()) return;
        var format = schema.get("format").string();
        if (!format.isEmpty() && !Formats.known(schema.get("type").string(), format)) found.add(format);
        for (var field : ONE) walk(schema.get(field), found);
        for (var field : LISTS) for (var each : schema.get(field).views()) walk(each, found);
        for (var field : NAMED) for (var each : schema.get(field).map().values()) walk(View.of(each), found);
    }
}
