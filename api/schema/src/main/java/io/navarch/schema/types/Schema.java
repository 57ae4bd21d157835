package io.navarch.schema.types;

import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The type of a value: what OpenAPI says of it, and Kubernetes' extensions of that.
///
/// Built while definitions are read, never changed after. Named types refer to each other lazily, so recursive ones
/// (JSONSchemaProps) need no special care.
public final class Schema {
    public enum Type {
        OBJECT,
        ARRAY,
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        /// Anything: `RawExtension`, `FieldsV1`, a schema without type.
        ANY
    }

    /// How lists are merged and owned (`x-kubernetes-list-type`).
    public enum ListType {
        ATOMIC,
        SET,
        MAP
    }

    /// A named type of the API; the property is described by it.
    private Supplier<Schema> target;
    /// The target once it has been looked up; it is always the same.
    private volatile Schema resolved;
    private String typeName = "";

    Type type = Type.ANY;
    String format = "";
    String description = "";
    Map<String, Schema> properties = Map.of();
    Schema items;
    Schema additional;
    Set<String> required = Set.of();
    boolean preserveUnknown;
    boolean intOrString;
    boolean embeddedResource;
    boolean nullable;
    boolean hasDefault;
    Object defaultValue;
    ListType listType = ListType.ATOMIC;
    List<String> listKeys = List.of();
    boolean atomicMap;
    String mergeKey = "";
    Set<String> patchStrategies = Set.of();
    Constraints constraints = Constraints.NONE;
    String mandatory;
    boolean immutable;
    boolean zeroKept;
    boolean zeroDropped;
    boolean microTime;
    private boolean structure;
    List<FieldRule> rules = List.of();
    Consumer<Map<String, Object>> completion;
    private List<String> watched;
    private Map<String, Object> zero;

    /// What a value of a built-in kind must be, beyond its type.
    public interface FieldRule {
        /// @param old the value before, absent on create
        /// @param update whether there is an object before
        void check(View value, View old, boolean update, String path, List<FieldError> errors);
    }

    /// Value rules of a custom resource's schema, `null` where not given.
    public record Constraints(
            List<Object> enumeration,
            Number minimum,
            Number maximum,
            boolean exclusiveMinimum,
            boolean exclusiveMaximum,
            Number multipleOf,
            Long minLength,
            Long maxLength,
            String pattern,
            Long minItems,
            Long maxItems,
            boolean uniqueItems,
            Long minProperties,
            Long maxProperties,
            List<Schema> allOf,
            List<Schema> anyOf,
            List<Schema> oneOf,
            Schema not) {
        public static final Constraints NONE = new Constraints(
                null, null, null, false, false, null, null, null, null, null, null, false, null, null, List.of(),
                List.of(), List.of(), null);
    }

    public static Schema of(Type type) {
        var schema = new Schema();
        schema.type = type;
        return schema;
    }

    public static Schema string(String format) {
        var schema = of(Type.STRING);
        schema.format = format;
        return schema;
    }

    public static Schema list(Schema items) {
        var schema = of(Type.ARRAY);
        schema.items = items;
        return schema;
    }

    public static Schema mapOf(Schema values) {
        var schema = of(Type.OBJECT);
        schema.additional = values;
        return schema;
    }

    public static Schema object(Map<String, Schema> properties) {
        var schema = of(Type.OBJECT);
        schema.properties = new LinkedHashMap<>(properties);
        return schema;
    }

    /// A use of a named type.
    public static Schema reference(String typeName, Supplier<Schema> target) {
        var schema = new Schema();
        schema.typeName = typeName;
        schema.target = target;
        return schema;
    }

    /// The schema itself, or the named type it refers to.
    public Schema resolved() {
        if (target == null) return this;
        var found = resolved;
        if (found == null) resolved = found = target.get();
        return found;
    }

    /// The type's name when this is a use of a named type, else `""`.
    public String typeName() {
        return typeName;
    }

    public Type type() {
        return resolved().type;
    }

    public String format() {
        return resolved().format;
    }

    /// The text at this use; a use of a named type may have its own.
    public String description() {
        return description;
    }

    public Schema describe(String text) {
        description = text == null ? "" : text;
        return this;
    }

    public Map<String, Schema> properties() {
        return resolved().properties;
    }

    /// The schema of a field, or `null` when the type has no such field.
    public Schema property(String name) {
        var here = resolved();
        var property = here.properties.get(name);
        return property != null ? property : here.additional;
    }

    public Schema items() {
        return resolved().items;
    }

    public Schema additional() {
        return resolved().additional;
    }

    public Set<String> required() {
        return resolved().required;
    }

    public boolean intOrString() {
        return resolved().intOrString;
    }

    public boolean preserveUnknown() {
        return resolved().preserveUnknown;
    }

    public boolean embeddedResource() {
        return resolved().embeddedResource;
    }

    public boolean nullable() {
        return nullable || resolved().nullable;
    }

    public boolean hasDefault() {
        return hasDefault;
    }

    public Object defaultValue() {
        return defaultValue;
    }

    public ListType listType() {
        return listType;
    }

    public List<String> listKeys() {
        return listKeys;
    }

    /// Whether a map or struct is owned and replaced as a whole (`x-kubernetes-map-type: atomic`).
    public boolean atomicMap() {
        return atomicMap || resolved().atomicMap;
    }

    /// The key that strategic merge patch finds elements by, or `""` when the list is replaced.
    public String mergeKey() {
        return mergeKey;
    }

    public boolean mergesOnPatch() {
        return patchStrategies.contains("merge");
    }

    public Set<String> patchStrategies() {
        return patchStrategies;
    }

    /// Whether an object is refused without this field (`Required value`).
    public boolean mandatory() {
        return mandatory != null;
    }

    /// What the error about a missing mandatory field says beyond `Required value`, or `""`.
    public String mandatoryText() {
        return mandatory;
    }

    /// Fills in what depends on several fields of an object of this type; `null` when nothing does.
    public Consumer<Map<String, Object>> completion() {
        return resolved().completion;
    }

    public boolean immutable() {
        return immutable;
    }

    /// Whether an explicit zero (`0`, `false`, `""`) of this optional field means the same as no value at all, because
    /// the field is no pointer in the published API. Strings are by default, numbers and booleans are not.
    public boolean zeroMeansUnset() {
        if (zeroKept) return false;
        return zeroDropped || type() == Type.STRING && !intOrString() && !format().equals("quantity");
    }

    /// Whether the field is a pointer in the published API, so that no value differs from zero.
    public boolean zeroKept() {
        return zeroKept;
    }

    /// Whether a time has microseconds (`metav1.MicroTime`).
    public boolean microTime() {
        return microTime;
    }

    /// The rules at this use of a type; the type's own are those of [#resolved()].
    public List<FieldRule> rules() {
        return rules;
    }

    /// Properties that are looked at even when an object lacks them.
    public List<String> watched() {
        var here = resolved();
        if (here.watched == null) {
            here.watched = here.properties.entrySet().stream()
                    .filter(entry -> entry.getValue().mandatory() || entry.getValue().immutable)
                    .map(Map.Entry::getKey)
                    .toList();
        }
        return here.watched;
    }

    /// An object of this type that nobody has set anything in: structures that are no pointers in the published API are
    /// there, and what its Go types never leave out is `null`.
    public Map<String, Object> zero() {
        var here = resolved();
        if (here.zero == null) {
            var made = new LinkedHashMap<String, Object>();
            here.properties.forEach((name, property) -> {
                if (property.structure) made.put(name, property.zero());
                else if (here.required.contains(name)) made.put(name, null);
            });
            here.zero = made;
        }
        return here.zero;
    }

    public Constraints constraints() {
        return resolved().constraints;
    }

    // What an overlay may add to a field once the types are known.

    public Schema asMapList(List<String> keys) {
        listType = ListType.MAP;
        listKeys = List.copyOf(keys);
        return this;
    }

    public Schema asSet() {
        listType = ListType.SET;
        return this;
    }

    public Schema asAtomicMap() {
        atomicMap = true;
        return this;
    }

    public Schema mergedBy(String key) {
        mergeKey = key;
        patchStrategies = new LinkedHashSet<>(patchStrategies);
        patchStrategies.add("merge");
        return this;
    }

    public Schema withStrategy(String strategy) {
        patchStrategies = new LinkedHashSet<>(patchStrategies);
        patchStrategies.add(strategy);
        return this;
    }

    public Schema withProperties(Map<String, Schema> changed) {
        properties = new LinkedHashMap<>(changed);
        return this;
    }

    public Schema requiring(Set<String> names) {
        required = Set.copyOf(names);
        return this;
    }

    public Schema defaulting(Object value) {
        hasDefault = true;
        defaultValue = value;
        return this;
    }

    /// A structure that is no pointer in the published API: it is there even where nobody gave it.
    public Schema asStructure() {
        structure = true;
        return defaulting(new LinkedHashMap<String, Object>());
    }

    /// @param why what the error says beyond `Required value`, or `""`
    public Schema asMandatory(String why) {
        mandatory = why;
        return this;
    }

    public Schema asImmutable() {
        immutable = true;
        return this;
    }

    public Schema keepingZero() {
        zeroKept = true;
        return this;
    }

    public Schema droppingZero() {
        zeroDropped = true;
        return this;
    }

    public Schema asMicroTime() {
        microTime = true;
        return this;
    }

    /// Fills in what depends on several fields of an object of this type; runs after the fields' own defaults.
    public Schema completedBy(Consumer<Map<String, Object>> step) {
        completion = step;
        return this;
    }

    public Schema ruledBy(FieldRule rule) {
        rules = new ArrayList<>(rules);
        rules.add(rule);
        return this;
    }

    public Schema formatted(String newFormat) {
        format = newFormat;
        return this;
    }

    public Schema asIntOrString() {
        intOrString = true;
        return this;
    }

    public Schema keepingUnknown() {
        preserveUnknown = true;
        return this;
    }
}
