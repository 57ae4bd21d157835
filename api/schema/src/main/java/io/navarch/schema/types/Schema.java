package io.navarch.schema.types;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The type of a value: what OpenAPI says about it, and Kubernetes' extensions to that.
///
/// Immutable; made by a [SchemaBuilder]. The use of a named type refers to it lazily, so recursive types
/// (`JSONSchemaProps`) need no special care: what belongs to the type is read from there, what belongs to the field
/// (default, list type, merge key, rules of its own) stands here.
///
/// @param typeName the name of the type that is used here, else `""`
/// @param target the named type
/// @param description the text at this use; a use of a named type may have its own
/// @param items the elements of a list; read as [#NONE] when there are none
/// @param additional the values of a map; read as [#NONE] when there are none
/// @param nullable whether `null` is a value like any other
/// @param defaultValue what an absent field becomes; meaningful if `hasDefault`
/// @param structure whether this is a struct by value in the published Go types: it is there even if nobody set it
/// @param listKeys the fields that identify an element of a [ListType#MAP]
/// @param mapType how a map or struct is owned; a use of a named type may say otherwise than the type
/// @param absentKey what an element of a list that has this field for its key counts as without it
/// @param mergeKey the field by which a strategic merge patch matches elements, or `""` if it replaces the list
/// @param mandatory present if an object is refused without this field; what the error then adds to `Required value`
/// @param microTime whether a time has microseconds (`metav1.MicroTime`)
/// @param milli whether the amounts of a map are thousandths, rounded up
/// @param rules the rules of this use; those of the type are found at [#resolved()]
/// @param go what the published Go types say of the field that this use is
/// @param completion fills in what depends on several fields of an object, after the defaults of its fields
public record Schema(
        String typeName,
        Optional<Supplier<Schema>> target,
        Type type,
        String format,
        String description,
        Map<String, Schema> properties,
        @Nullable Schema items,
        @Nullable Schema additional,
        Set<String> required,
        boolean preserveUnknown,
        boolean intOrString,
        boolean embeddedResource,
        boolean nullable,
        boolean hasDefault,
        @Nullable Object defaultValue,
        boolean structure,
        ListType listType,
        List<String> listKeys,
        Optional<MapType> mapType,
        Optional<Object> absentKey,
        String mergeKey,
        Set<String> patchStrategies,
        Constraints constraints,
        Combination combination,
        Optional<String> mandatory,
        boolean immutable,
        Zero zero,
        boolean microTime,
        boolean milli,
        List<FieldRule> rules,
        GoField go,
        Consumer<Map<String, Object>> completion) {
    public enum Type {
        OBJECT,
        ARRAY,
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        /// Anything: `RawExtension`, `FieldsV1`, a schema without a type.
        ANY
    }

    /// How lists are merged and owned (`x-kubernetes-list-type`).
    public enum ListType {
        ATOMIC,
        SET,
        MAP
    }

    /// How maps and structs are owned (`x-kubernetes-map-type`).
    public enum MapType {
        ATOMIC,
        GRANULAR
    }

    /// What an explicit zero (`0`, `false`, `""`, an empty list) of an optional field means.
    public enum Zero {
        /// Strings: the same as no value. Numbers and booleans: a value.
        BY_TYPE,
        /// A value: the field is a pointer in the published Go types.
        KEPT,
        /// The same as no value.
        DROPPED
    }

    /// Other schemas that a value must or must not fit as well (`allOf`, `anyOf`, `oneOf`, `not`).
    public record Combination(List<Schema> allOf, List<Schema> anyOf, List<Schema> oneOf, Optional<Schema> not) {
        public static final Combination NONE = new Combination(List.of(), List.of(), List.of(), Optional.empty());
    }

    /// Where nothing is known of a value: it may be anything, and so may everything in it.
    public static final Schema NONE = plain(Type.ANY, "", Map.of(), null, null);

    public static Schema of(Type type) {
        return plain(type, "", Map.of(), null, null);
    }

    public static Schema string(String format) {
        return plain(Type.STRING, format, Map.of(), null, null);
    }

    public static Schema list(Schema items) {
        return plain(Type.ARRAY, "", Map.of(), items, null);
    }

    public static Schema mapOf(Schema values) {
        return plain(Type.OBJECT, "", Map.of(), null, values);
    }

    public static Schema object(Map<String, Schema> properties) {
        return plain(Type.OBJECT, "", properties, null, null);
    }

    private static Schema plain(
            Type type,
            String format,
            Map<String, Schema> properties,
            @Nullable Schema items,
            @Nullable Schema additional) {
        return new Schema(
                "",
                Optional.empty(),
                type,
                format,
                "",
                ordered(properties),
                items,
                additional,
                Set.of(),
                false,
                false,
                false,
                false,
                false,
                null,
                false,
                ListType.ATOMIC,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                "",
                Set.of(),
                Constraints.NONE,
                Combination.NONE,
                Optional.empty(),
                false,
                Zero.BY_TYPE,
                false,
                false,
                List.of(),
                GoField.PLAIN,
                object -> {});
    }

    /// An immutable copy in the same order.
    static Map<String, Schema> ordered(Map<String, Schema> properties) {
        return properties.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    public boolean exists() {
        return this != NONE;
    }

    /// The schema itself, or the named type it refers to.
    public Schema resolved() {
        return target.isEmpty() ? this : target.get().get();
    }

    /// The schema of a field; [#NONE] if the type has no such field.
    public Schema property(String name) {
        var here = resolved();
        var property = here.properties.get(name);
        return property != null ? property : here.additional();
    }

    @Override
    public Type type() {
        return resolved().type;
    }

    @Override
    public String format() {
        return resolved().format;
    }

    @Override
    public Map<String, Schema> properties() {
        return resolved().properties;
    }

    @Override
    public Schema items() {
        return Objects.requireNonNullElse(resolved().items, NONE);
    }

    @Override
    public Schema additional() {
        return Objects.requireNonNullElse(resolved().additional, NONE);
    }

    @Override
    public Set<String> required() {
        return resolved().required;
    }

    @Override
    public boolean preserveUnknown() {
        return resolved().preserveUnknown;
    }

    @Override
    public boolean intOrString() {
        return resolved().intOrString;
    }

    @Override
    public boolean embeddedResource() {
        return resolved().embeddedResource;
    }

    @Override
    public Constraints constraints() {
        return resolved().constraints;
    }

    @Override
    public Combination combination() {
        return resolved().combination;
    }

    @Override
    public Consumer<Map<String, Object>> completion() {
        return resolved().completion;
    }

    @Override
    public boolean nullable() {
        return nullable || resolved().nullable;
    }

    /// Whether a map or struct is owned and replaced as a whole.
    public boolean atomicMap() {
        return mapType.or(() -> resolved().mapType)
                .filter(MapType.ATOMIC::equals)
                .isPresent();
    }

    public boolean mergesOnPatch() {
        return patchStrategies.contains("merge");
    }

    /// Whether an explicit zero of this optional field means the same as no value at all.
    public boolean zeroMeansUnset() {
        return switch (zero) {
            case KEPT -> false;
            case DROPPED -> true;
            case BY_TYPE -> type() == Type.STRING && !intOrString() && !format().equals("quantity");
        };
    }

    /// Whether this is written as `null` where there is nothing: a list or a pointer that JSON in Go never omits.
    public boolean alwaysWritten() {
        return hasDefault && defaultValue == null;
    }

    /// Whether this is a struct without fields in the published Go types, which JSON alone does not tell from anything.
    public boolean emptyStruct() {
        return type() == Type.ANY && !go.type().isEmpty() && !go.type().startsWith("v1.JSON");
    }

    /// Whether this is a schema in a schema, or else a boolean or a list (`JSONSchemaPropsOrBool`, `…OrArray`), which
    /// the published Go types read by themselves: what is in it has the type of the structure whose field it is.
    public boolean schemaOrElse() {
        return type() == Type.ANY && go.type().startsWith("v1.JSONSchemaPropsOr");
    }

    public boolean zeroKept() {
        return zero == Zero.KEPT;
    }
}
