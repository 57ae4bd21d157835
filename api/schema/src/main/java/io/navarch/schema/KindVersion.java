package io.navarch.schema;

import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// One version of a kind. The functions convert an object to the stored version and back; they are given and return
/// whole objects and may change their argument.
///
/// @param deprecation the warning that every use is answered with, or `""`
/// @param type the schema, made when it is first asked for
/// @param source the schema as a definition of custom resources writes it; empty for built-in kinds
/// @param rules that the definition brings with it
/// @param selectable the labels of field selectors of a custom kind, which are those of a version
public record KindVersion(
        String name,
        Supplier<Schema> type,
        boolean served,
        String deprecation,
        Function<Map<String, Object>, Map<String, Object>> toStorage,
        Function<Map<String, Object>, Map<String, Object>> fromStorage,
        List<Column> columns,
        Supplier<Map<String, Object>> source,
        ObjectRules rules,
        List<String> selectable) {
    /// One that is stored as it is.
    static KindVersion of(String name, Supplier<Schema> type, List<Column> columns) {
        return new KindVersion(
                name, type, true, "", same -> same, same -> same, columns, Map::of, ObjectRules.NONE, List.of());
    }

    public Schema schema() {
        return type.get();
    }

    /// The schema as a definition of custom resources writes it; empty for built-in kinds.
    public Map<String, Object> declared() {
        return source.get();
    }

    KindVersion unserved() {
        return new KindVersion(
                name, type, false, deprecation, toStorage, fromStorage, columns, source, rules, selectable);
    }

    KindVersion deprecated(String warning) {
        return new KindVersion(name, type, served, warning, toStorage, fromStorage, columns, source, rules, selectable);
    }

    KindVersion converted(
            Function<Map<String, Object>, Map<String, Object>> to,
            Function<Map<String, Object>, Map<String, Object>> from) {
        return new KindVersion(name, type, served, deprecation, to, from, columns, source, rules, selectable);
    }

    KindVersion ruled(ObjectRules added) {
        return new KindVersion(
                name, type, served, deprecation, toStorage, fromStorage, columns, source, added, selectable);
    }

    KindVersion declared(Supplier<Map<String, Object>> written) {
        return new KindVersion(
                name, type, served, deprecation, toStorage, fromStorage, columns, written, rules, selectable);
    }

    KindVersion selecting(List<String> labels) {
        return new KindVersion(name, type, served, deprecation, toStorage, fromStorage, columns, source, rules, labels);
    }
}
