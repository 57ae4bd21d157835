package io.navarch.generator;

import io.navarch.generator.ClientModels.Property;
import java.util.List;
import java.util.Set;

/// The source of one structure: a lens with a method a field, and its builder.
final class StructureSource {
    private static final String IMPORTS = """
            package io.navarch.model;

            import io.navarch.objects.IntOrString;
            import io.navarch.objects.Quantity;
            import io.navarch.objects.Timestamps;
            import io.navarch.objects.Trees;
            import io.navarch.objects.View;
            import java.time.Instant;
            import java.util.LinkedHashMap;
            import java.util.List;
            import java.util.Map;
            import java.util.Optional;
            import java.util.function.Consumer;
            import org.jspecify.annotations.Nullable;

            """;

    private final String name;
    private final StringBuilder reading = new StringBuilder();
    private final StringBuilder writing = new StringBuilder();

    private StructureSource(String name) {
        this.name = name;
    }

    static String of(String model, List<Property> properties, Naming naming, Enumerations enums, Overlays overlays) {
        var source = new StructureSource(naming.type(model));
        for (var property : properties) {
            var type = FieldType.of(property.type(), naming, enums.of(model, property.name()));
            boolean micro = overlays.says(model + "." + property.name(), "micro");
            source.add(property, type, micro);
        }
        return source.text(interfaces(model, properties));
    }

    private static String interfaces(String model, List<Property> properties) {
        var names = properties.stream().map(Property::name).toList();
        var metadata = properties.stream().anyMatch(p -> p.type().equals("V1ObjectMeta"));
        if (metadata) return " implements ApiObject";
        boolean condition = model.endsWith("Condition")
                && names.containsAll(Set.of("type", "status", "reason", "message", "lastTransitionTime"));
        return condition ? " implements StatusCondition" : "";
    }

    private void add(Property property, FieldType type, boolean micro) {
        var field = property.name();
        var method = Naming.method(field);
        var constant = Naming.constant(field);
        line(reading, "public static final String %s = \"%s\";", constant, field);
        read(property, type, method, field);
        line(reading, "public boolean has%s() {\n        return has(\"%s\");\n    }", Naming.capital(method), field);
        write(property, type, method, field, micro);
    }

    private void read(Property property, FieldType type, String method, String field) {
        var body = switch (property.type()) {
            case "s" -> type.java().equals("String") ? "string(\"%s\")" : type.java() + ".of(string(\"%s\"))";
            case "i" -> fallback(type, method, field, "intOr", "0");
            case "l" -> fallback(type, method, field, "longOr", "0");
            case "d" -> fallback(type, method, field, "doubleOr", "0");
            case "b" -> fallback(type, method, field, "boolOr", "false");
            default ->
                type.structure().isEmpty()
                        ? "(" + cast(type) + ").apply(field(\"%s\"))"
                        : "new " + type.structure() + "(field(\"%s\"))";
        };
        if (property.type().startsWith("[")) body = "list(\"%s\", " + element(type) + ")";
        if (property.type().equals("{s")) body = "strings(\"%s\")";
        else if (property.type().startsWith("{")) body = "map(\"%s\", " + element(type) + ")";
        else if ("tyqxa".contains(property.type())) body = type.reader().replace("::", ".") + "(field(\"%s\"))";
        if (type.java().equals("String")) fallback(type, method, field, "stringOr", "\"\"");
        line(reading, "public %s %s() {\n        return %s;\n    }", type.java(), method, body.formatted(field));
    }

    private static String cast(FieldType type) {
        return "java.util.function.Function<@Nullable Object, " + type.boxed() + ">) " + type.reader();
    }

    /// The function that reads an element of a list or map.
    private static String element(FieldType type) {
        var reader = type.reader();
        return reader.substring(reader.indexOf(", ") + 2, reader.length() - 1);
    }

    private String fallback(FieldType type, String method, String field, String reader, String zero) {
        line(
                reading,
                "public %s %sOr(%s fallback) {\n        return %s(\"%s\", fallback);\n    }",
                type.java(),
                method,
                type.java(),
                reader,
                field);
        return reader + "(\"%s\", " + zero + ")";
    }

    private void write(Property property, FieldType type, String method, String field, boolean micro) {
        var parameter = property.type().equals("t") ? "Instant" : type.java();
        var value = micro ? "Timestamps.micros(value)" : "value";
        setter(method, parameter + " value", "put(\"%s\", %s)", field, value);
        if (property.type().equals("t"))
            setter(
                    method,
                    "Optional<Instant> value",
                    "put(\"%s\", value.map(%s).orElse(null))",
                    field,
                    micro ? "Timestamps::micros" : "Timestamps::seconds");
        setter("clear" + Naming.capital(method), "", "clear(\"%s\")", field);
        if (!type.structure().isEmpty()) {
            var builder = type.structure() + ".Builder";
            setter(method, "Consumer<" + builder + "> change", "edit(\"%s\", " + builder + "::new, change)", field);
            setter(
                    "edit" + Naming.capital(method),
                    "Consumer<" + builder + "> change",
                    "editPresent(\"%s\", " + builder + "::new, change)",
                    field);
        }
        if (property.type().startsWith("[")) list(property, type, method, field);
        if (property.type().startsWith("{")) {
            var element =
                    type.java().substring("Map<String, ".length(), type.java().length() - 1);
            var capital = Naming.capital(method);
            setter("put" + capital, "String key, " + element + " value", "putEntry(\"%s\", key, value)", field);
            setter("remove" + capital, "String key", "removeEntry(\"%s\", key)", field);
        }
    }

    private void list(Property property, FieldType type, String method, String field) {
        var element = type.java().substring("List<".length(), type.java().length() - 1);
        var capital = Naming.capital(method);
        setter("add" + capital, element + " value", "add(\"%s\", value)", field);
        boolean structure = Character.isUpperCase(property.type().charAt(1));
        if (!structure || element.equals("View")) return;
        var builder = element + ".Builder";
        setter(
                "add" + capital,
                "Consumer<" + builder + "> change",
                "addEdited(\"%s\", " + builder + "::new, change)",
                field);
        setter(
                "edit" + capital,
                "Consumer<" + builder + "> change",
                "editEach(\"%s\", " + builder + "::new, change)",
                field);
    }

    private void setter(String method, String parameters, String body, Object... values) {
        line(
                writing,
                "    public Builder %s(%s) {\n            %s;\n            return this;\n        }",
                method,
                parameters,
                body.formatted(values));
    }

    private static void line(StringBuilder out, String template, Object... values) {
        out.append("    ").append(template.formatted(values)).append("\n\n");
    }

    private String text(String interfaces) {
        return IMPORTS
                + """
                public final class $NAME extends Structure$INTERFACES {
                    public static final $NAME ABSENT = new $NAME(null);

                $READING    public $NAME(@Nullable Object tree) {
                        super(tree);
                    }

                    public static $NAME of(View view) {
                        return new $NAME(view.value());
                    }

                    public static Builder builder() {
                        return new Builder(new LinkedHashMap<>());
                    }

                    /// Changes this very tree.
                    public static Builder edit(Map<String, Object> tree) {
                        return new Builder(tree);
                    }

                    /// A builder of a copy.
                    public Builder toBuilder() {
                        return new Builder(Trees.copy(view().map()));
                    }

                    public static final class Builder extends StructureBuilder {
                        Builder(Map<String, Object> tree) {
                            super(tree);
                        }

                $WRITING        public $NAME build() {
                            return new $NAME(map());
                        }
                    }
                }
                """.replace("$INTERFACES", interfaces)
                        .replace("$READING", reading)
                        .replace("$WRITING", writing)
                        .replace("$NAME", name);
    }
}
