package io.navarch.schema.protobuf;

import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The protobuf messages of the API, matched field by field with the types that the same objects have in JSON.
///
/// Irregularities between the two are resolved here: structs that are a field in protobuf and part
/// of their parent in JSON, names in another case, and messages that are a single value in JSON.
public final class ProtobufMessages {
    /// How a value looks in JSON.
    enum Form {
        INTEGER,
        BOOLEAN,
        DOUBLE,
        FLOAT,
        STRING,
        BYTES,
        QUANTITY,
        INT_OR_STRING,
        TIME,
        MICRO_TIME,
        /// JSON text in a bytes field: `RawExtension`, `FieldsV1`, `JSON`.
        RAW,
        /// A message whose only field is a list of strings.
        STRINGS,
        /// `JSONSchemaPropsOrBool`, `…OrArray`, `…OrStringArray`: one of two shapes.
        SCHEMA_OR_BOOLEAN,
        SCHEMA_OR_LIST,
        SCHEMA_OR_STRINGS,
        OBJECT
    }

    enum Shape {
        SINGLE,
        LIST,
        MAP
    }

    /// @param name the field's name in JSON
    /// @param inlined whether its fields are the parent's in JSON
    record Field(int number, String name, Shape shape, Form form, boolean inlined, String type, Schema schema) {}

    /// A message's fields, the highest number first, and by number.
    record Message(List<Field> descending, Map<Integer, Field> byNumber) {}

    private final Function<String, Optional<String>> facts;
    private final Supplier<Schema> schemaType;
    private final Map<String, Message> parsed = new ConcurrentHashMap<>();

    /// @param facts the fields of a message by its full name (`number:name:type` separated by blanks, where type is
    /// `i`,
    ///     `b`, `d`, `f`, `s`, `y` or a message, after `[` in lists and `{` in maps), or its full name by
    ///     `group/version/kind`
    /// @param schemaType the type of schemas themselves, `JSONSchemaProps`
    public ProtobufMessages(Function<String, Optional<String>> facts, Supplier<Schema> schemaType) {
        this.facts = facts;
        this.schemaType = schemaType;
    }

    Schema schemas() {
        return schemaType.get();
    }

    /// The full name of a kind's message, if it has one.
    Optional<String> name(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        var group = slash < 0 ? "core" : apiVersion.substring(0, slash).split("\\.")[0];
        return facts.apply(group + "/" + apiVersion.substring(slash + 1) + "/" + kind)
                .or(() -> facts.apply("meta/v1/" + kind));
    }

    /// @param schema the type in JSON, [Schema#NONE] when it is not known
    Message message(String name, Schema schema) {
        var key = schema.exists() ? name : "?" + name;
        var known = parsed.get(key);
        if (known != null) return known;
        var made = parse(name, schema);
        parsed.putIfAbsent(key, made);
        return made;
    }

    private Message parse(String name, Schema schema) {
        var line =
                facts.apply(name).orElseThrow(() -> new IllegalArgumentException("unknown protobuf message " + name));
        var fields = new ArrayList<Field>();
        for (var entry : line.strip().split(" ")) {
            if (!entry.isEmpty()) fields.add(field(entry.split(":", 3), schema));
        }
        fields.sort(Comparator.comparingInt(Field::number).reversed());
        var byNumber = new HashMap<Integer, Field>();
        for (var field : fields) byNumber.put(field.number, field);
        return new Message(List.copyOf(fields), byNumber);
    }

    private Field field(String[] parts, Schema schema) {
        var type = parts[2];
        var shape = shape(type);
        if (shape != Shape.SINGLE) type = type.substring(1);
        var form = form(type);
        var name = jsonName(parts[1], schema);
        boolean inlined = form == Form.OBJECT && shape == Shape.SINGLE && inlined(parts[1], name, schema, type);
        var property = inlined ? schema : property(schema, name, shape);
        return new Field(
                Integer.parseInt(parts[0]), name == null ? parts[1] : name, shape, form, inlined, type, property);
    }

    private static Shape shape(String type) {
        return switch (type.charAt(0)) {
            case '[' -> Shape.LIST;
            case '{' -> Shape.MAP;
            default -> Shape.SINGLE;
        };
    }

    private static Schema property(Schema schema, @Nullable String name, Shape shape) {
        if (name == null) return Schema.NONE;
        var property = schema.property(name);
        if (shape == Shape.SINGLE) return property;
        return shape == Shape.LIST ? property.items() : property.additional();
    }

    /// The JSON name of a field, or `null` when the type in JSON has no such field.
    private static @Nullable String jsonName(String name, Schema schema) {
        if (schema.properties().isEmpty()) return name;
        if (schema.properties().containsKey(name)) return name;
        for (var property : schema.properties().keySet()) {
            if (bare(property).equals(bare(name))) return property;
        }
        return null;
    }

    private static String bare(String name) {
        return name.replace("$", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static boolean inlined(String name, @Nullable String jsonName, Schema schema, String type) {
        if (type.endsWith(".ListMeta")) return false;
        if (!schema.properties().isEmpty()) return jsonName == null;
        return List.of("volumeSource", "handler", "ephemeralContainerCommon").contains(name);
    }

    private Form form(String type) {
        return switch (type) {
            case "i" -> Form.INTEGER;
            case "b" -> Form.BOOLEAN;
            case "d" -> Form.DOUBLE;
            case "f" -> Form.FLOAT;
            case "s" -> Form.STRING;
            case "y" -> Form.BYTES;
            default ->
                switch (type.substring(type.lastIndexOf('.') + 1)) {
                    case "Quantity" -> Form.QUANTITY;
                    case "IntOrString" -> Form.INT_OR_STRING;
                    case "Time", "Timestamp" -> Form.TIME;
                    case "MicroTime" -> Form.MICRO_TIME;
                    case "RawExtension", "FieldsV1", "JSON" -> Form.RAW;
                    case "JSONSchemaPropsOrBool" -> Form.SCHEMA_OR_BOOLEAN;
                    case "JSONSchemaPropsOrArray" -> Form.SCHEMA_OR_LIST;
                    case "JSONSchemaPropsOrStringArray" -> Form.SCHEMA_OR_STRINGS;
                    default -> "1:items:[s".equals(fields(type)) ? Form.STRINGS : Form.OBJECT;
                };
        };
    }

    private String fields(String type) {
        return facts.apply(type).map(String::strip).orElse("");
    }
}
