package io.navarch.schema.types;

import io.navarch.schema.types.Schema.Combination;
import io.navarch.schema.types.Schema.ListType;
import io.navarch.schema.types.Schema.Type;
import io.navarch.schema.types.Schema.Zero;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A [Schema] in the making: what a type is, and what an overlay or a definition adds to a use of it.
public final class SchemaBuilder {
    private String typeName = "";
    private Optional<Supplier<Schema>> target = Optional.empty();
    private Type type;
    private String format = "";
    private String description = "";
    private Map<String, Schema> properties = Map.of();
    private @Nullable Schema items;
    private @Nullable Schema additional;
    private Set<String> required = Set.of();
    private boolean preserveUnknown;
    private boolean intOrString;
    private boolean embeddedResource;
    private boolean nullable;
    private boolean hasDefault;
    private @Nullable Object defaultValue;
    private boolean structure;
    private boolean omitted;
    private ListType listType = ListType.ATOMIC;
    private List<String> listKeys = List.of();
    private Optional<Schema.MapType> mapType = Optional.empty();
    private Optional<Object> absentKey = Optional.empty();
    private String mergeKey = "";
    private Set<String> patchStrategies = Set.of();
    private Constraints constraints = Constraints.NONE;
    private Combination combination = Combination.NONE;
    private Optional<String> mandatory = Optional.empty();
    private boolean immutable;
    private Zero zero = Zero.BY_TYPE;
    private boolean microTime;
    private boolean milli;
    private List<FieldRule> rules = List.of();
    private GoField go = GoField.PLAIN;
    private Consumer<Map<String, Object>> completion = object -> {};

    private SchemaBuilder(Type type) {
        this.type = type;
    }

    public static SchemaBuilder of(Type type) {
        return new SchemaBuilder(type);
    }

    public static SchemaBuilder string(String format) {
        return of(Type.STRING).format(format);
    }

    public static SchemaBuilder list(Schema elements) {
        return of(Type.ARRAY).items(elements);
    }

    public static SchemaBuilder mapOf(Schema values) {
        return of(Type.OBJECT).additional(values);
    }

    /// A use of a named type.
    public static SchemaBuilder reference(String typeName, Supplier<Schema> type) {
        var builder = new SchemaBuilder(Type.ANY);
        builder.typeName = typeName;
        builder.target = Optional.of(new Lazy<>(type));
        return builder;
    }

    public SchemaBuilder type(Type changed) {
        type = changed;
        return this;
    }

    public SchemaBuilder format(String text) {
        format = text;
        return this;
    }

    public SchemaBuilder describe(String text) {
        description = text;
        return this;
    }

    public SchemaBuilder properties(Map<String, Schema> byName) {
        properties = Schema.ordered(byName);
        return this;
    }

    public SchemaBuilder items(Schema elements) {
        items = elements;
        return this;
    }

    public SchemaBuilder additional(Schema values) {
        additional = values;
        return this;
    }

    public SchemaBuilder required(Collection<String> names) {
        required = Collections.unmodifiableSet(new LinkedHashSet<>(names));
        return this;
    }

    public SchemaBuilder preserveUnknown(boolean whether) {
        preserveUnknown = whether;
        return this;
    }

    public SchemaBuilder intOrString(boolean whether) {
        intOrString = whether;
        return this;
    }

    public SchemaBuilder embeddedResource(boolean whether) {
        embeddedResource = whether;
        return this;
    }

    public SchemaBuilder nullable(boolean whether) {
        nullable = whether;
        return this;
    }

    public boolean hasDefault() {
        return hasDefault;
    }

    public SchemaBuilder defaultValue(@Nullable Object value) {
        hasDefault = true;
        defaultValue = value;
        return this;
    }

    /// A struct by value in the published Go types.
    public SchemaBuilder structure() {
        structure = true;
        return defaultValue(Map.of());
    }

    /// Left out where it is unset, although it is required.
    public SchemaBuilder omitted() {
        omitted = true;
        return this;
    }

    public boolean isOmitted() {
        return omitted;
    }

    public SchemaBuilder mapList(List<String> keys) {
        listType = ListType.MAP;
        listKeys = List.copyOf(keys);
        return this;
    }

    public SchemaBuilder setList() {
        listType = ListType.SET;
        return this;
    }

    public SchemaBuilder mapType(Schema.MapType type) {
        mapType = Optional.of(type);
        return this;
    }

    public SchemaBuilder absentKey(@Nullable Object value) {
        absentKey = Optional.ofNullable(value);
        return this;
    }

    public SchemaBuilder mergeKey(String key) {
        mergeKey = key;
        return patchStrategy("merge");
    }

    public SchemaBuilder patchStrategy(String name) {
        var all = new LinkedHashSet<>(patchStrategies);
        all.add(name);
        patchStrategies = Collections.unmodifiableSet(all);
        return this;
    }

    public SchemaBuilder constraints(Constraints limits) {
        constraints = limits;
        return this;
    }

    public SchemaBuilder combination(Combination others) {
        combination = others;
        return this;
    }

    /// @param why what the error says beyond `Required value`, or `""`
    public SchemaBuilder mandatory(String why) {
        mandatory = Optional.of(why);
        return this;
    }

    public SchemaBuilder immutable() {
        immutable = true;
        return this;
    }

    public SchemaBuilder zero(Zero meaning) {
        zero = meaning;
        return this;
    }

    public boolean zeroKept() {
        return zero == Zero.KEPT;
    }

    /// The amounts of this map are rounded up to thousandths.
    public SchemaBuilder milli() {
        milli = true;
        return this;
    }

    public SchemaBuilder microTime() {
        microTime = true;
        return this;
    }

    public SchemaBuilder rule(FieldRule rule) {
        var all = new ArrayList<>(rules);
        all.add(rule);
        rules = List.copyOf(all);
        return this;
    }

    /// The published Go type of this use, such as `v1.PullPolicy`.
    public SchemaBuilder goType(String name) {
        go = new GoField(name, go.embedded());
        return this;
    }

    /// The published Go struct that this use is a field of, embedded in the one that has the rest of them.
    public SchemaBuilder goEmbedded(String name) {
        go = new GoField(go.type(), name);
        return this;
    }

    public SchemaBuilder completion(Consumer<Map<String, Object>> step) {
        completion = step;
        return this;
    }

    public Schema build() {
        return new Schema(
                typeName,
                target,
                type,
                format,
                description,
                properties,
                items,
                additional,
                required,
                preserveUnknown,
                intOrString,
                embeddedResource,
                nullable,
                hasDefault,
                defaultValue,
                structure,
                listType,
                listKeys,
                mapType,
                absentKey,
                mergeKey,
                patchStrategies,
                constraints,
                combination,
                mandatory,
                immutable,
                zero,
                microTime,
                milli,
                rules,
                go,
                completion);
    }
}
