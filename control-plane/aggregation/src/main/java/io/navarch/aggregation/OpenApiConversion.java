package io.navarch.aggregation;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Says in OpenAPI 3 what a server says in OpenAPI 2 alone. Pure.
final class OpenApiConversion {
    private static final String REFERENCE = "$ref";
    private static final String SCHEMA = "schema";
    private static final String CONTENT = "content";
    private static final String PARAMETERS = "parameters";
    private static final String RESPONSES = "responses";
    private static final String DEFINITIONS = "#/definitions/";
    private static final String SCHEMAS = "#/components/schemas/";

    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "options", "head", "patch");
    private static final List<String> OF_OPERATIONS =
            List.of("tags", "summary", "description", "externalDocs", "operationId", "deprecated");
    private static final List<String> OF_PARAMETERS =
            List.of("name", "in", "description", "required", "allowEmptyValue");
    /// What holds further schemas by name.
    private static final List<String> NAMED = List.of("properties", "patternProperties");
    /// What is a schema, or a list of them.
    private static final List<String> NESTED =
            List.of("items", "additionalProperties", "additionalItems", "allOf", "anyOf", "oneOf", "not");

    private OpenApiConversion() {}

    /// @param two the part of a document that [ForeignOpenApi#two] has taken out of it
    static Map<String, Object> three(Map<String, Object> two) {
        var document = View.of(two);
        var paths = new TreeMap<String, Object>();
        document.get("paths").map().forEach((path, item) -> paths.put(path, path(View.of(item))));
        var schemas = new TreeMap<String, Object>();
        document.get("definitions").map().forEach((name, schema) -> schemas.put(name, schema(schema)));
        return Trees.map(
                "openapi",
                "3.0.0",
                "info",
                Trees.copy(document.get("info").map()),
                "paths",
                paths,
                "components",
                Trees.map("schemas", schemas));
    }

    private static Map<String, Object> path(View two) {
        var three = extensions(two);
        for (var method : METHODS) if (two.get(method).isMap()) three.put(method, operation(two.get(method)));
        var parameters = two.get(PARAMETERS).views().stream()
                .map(OpenApiConversion::parameter)
                .toList();
        if (!parameters.isEmpty()) three.put(PARAMETERS, parameters);
        return three;
    }

    private static Map<String, Object> operation(View two) {
        var three = extensions(two);
        copy(two, OF_OPERATIONS, three);
        var parameters = new ArrayList<Object>();
        for (var parameter : two.get(PARAMETERS).views()) {
            if (parameter.get("name").string().equals("body")
                    && parameter.get(SCHEMA).isMap())
                three.put("requestBody", content(two.get("consumes").strings(), parameter.get(SCHEMA)));
            else parameters.add(parameter(parameter));
        }
        if (!parameters.isEmpty()) three.put(PARAMETERS, parameters);
        var responses = new LinkedHashMap<String, Object>();
        two.get(RESPONSES).map().forEach((code, response) -> {
            var told = View.of(response);
            var written = extensions(told);
            if (told.get(REFERENCE).exists())
                written.put(
                        REFERENCE,
                        told.get(REFERENCE).string().replaceFirst("^#/responses/", "#/components/responses/"));
            written.put("description", told.get("description").string());
            if (told.get(SCHEMA).isMap())
                written.putAll(content(two.get("produces").strings(), told.get(SCHEMA)));
            responses.put(code, written);
        });
        three.put(RESPONSES, responses);
        return three;
    }

    private static Map<String, Object> content(List<String> types, View schema) {
        var content = new LinkedHashMap<String, Object>();
        for (var type : types) content.put(type, Trees.map(SCHEMA, schema(schema.value())));
        return content.isEmpty() ? new LinkedHashMap<>() : Trees.map(CONTENT, content);
    }

    private static Map<String, Object> parameter(View two) {
        var three = extensions(two);
        if (two.get(REFERENCE).exists())
            three.put(
                    REFERENCE, two.get(REFERENCE).string().replaceFirst("^#/parameters/", "#/components/parameters/"));
        copy(two, OF_PARAMETERS, three);
        if (two.get(SCHEMA).isMap()) {
            three.put(SCHEMA, schema(two.get(SCHEMA).value()));
            return three;
        }
        var simple = new LinkedHashMap<String, Object>();
        copy(two, List.of("type", "format", "uniqueItems"), simple);
        if (!simple.isEmpty()) three.put(SCHEMA, simple);
        return three;
    }

    private static void copy(View from, List<String> names, Map<String, Object> into) {
        for (var name : names) {
            var value = Trees.copyOf(from.get(name).value());
            if (value != null) into.put(name, value);
        }
    }

    private static Map<String, Object> extensions(View of) {
        var extensions = new LinkedHashMap<String, Object>();
        of.map().forEach((name, value) -> {
            var copy = name.startsWith("x-") ? Trees.copyOf(value) : null;
            if (copy != null) extensions.put(name, copy);
        });
        return extensions;
    }

    /// Beside a reference nothing counts, so that one that has a description is wrapped.
    private static Object schema(@Nullable Object two) {
        if (two instanceof List<?> list)
            return list.stream().map(OpenApiConversion::schema).toList();
        if (!(two instanceof Map<?, ?>)) return two == null ? Map.of() : two;
        var three = new LinkedHashMap<String, Object>();
        View.of(two).map().forEach((name, value) -> {
            if (NESTED.contains(name)) three.put(name, schema(value));
            else if (NAMED.contains(name)) {
                var named = new LinkedHashMap<String, Object>();
                View.of(value).map().forEach((key, each) -> named.put(key, schema(each)));
                three.put(name, named);
            } else if (name.equals(REFERENCE) && value instanceof String text && text.contains(DEFINITIONS))
                three.put(name, SCHEMAS + text.substring(text.indexOf(DEFINITIONS) + DEFINITIONS.length()));
            else three.put(name, value);
        });
        if (three.size() > 1 && three.get(REFERENCE) instanceof String reference) {
            three.remove(REFERENCE);
            three.put("allOf", List.of(Trees.map(REFERENCE, reference)));
        }
        return three;
    }
}
