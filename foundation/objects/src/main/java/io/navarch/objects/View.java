package io.navarch.objects;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A null-safe reading lens on an object tree: `pod.get("spec").get("nodeName").string()`.
///
/// A missing field, a `null` and a field of another type all read as "absent", so decisions never throw on what a
/// client left out. The tree below is never changed through a view.
public record View(@Nullable Object value) implements Lens {
    /// What reading a field that is not there gives.
    public static final View ABSENT = new View(null);

    /// What a lens reads, by the names of fields.
    public static View over(Lens lens) {
        return lens instanceof View view ? view : of(lens.tree());
    }

    public static View of(@Nullable Object value) {
        return value == null ? ABSENT : new View(value);
    }

    @Override
    public @Nullable Object tree() {
        return value;
    }

    public View get(String field) {
        return value instanceof Map<?, ?> map ? of(map.get(field)) : ABSENT;
    }

    public View get(String first, String second) {
        return get(first).get(second);
    }

    public View get(String first, String second, String third) {
        return get(first).get(second).get(third);
    }

    /// The field at a dotted path, such as `spec.template.spec`.
    public View path(String dotted) {
        var here = this;
        int start = 0;
        for (int dot; (dot = dotted.indexOf('.', start)) >= 0; start = dot + 1) {
            here = here.get(dotted.substring(start, dot));
        }
        return here.get(dotted.substring(start));
    }

    public View at(int index) {
        return value instanceof List<?> list && index < list.size() ? of(list.get(index)) : ABSENT;
    }

    @Override
    public boolean exists() {
        return value != null;
    }

    public boolean isMap() {
        return value instanceof Map;
    }

    /// The string, or `""` when absent.
    public String string() {
        return value instanceof String text ? text : "";
    }

    public String stringOr(String fallback) {
        return value instanceof String text && !text.isEmpty() ? text : fallback;
    }

    public long longOr(long fallback) {
        return value instanceof Number number ? number.longValue() : fallback;
    }

    public int intOr(int fallback) {
        return value instanceof Number number ? number.intValue() : fallback;
    }

    public boolean bool() {
        return Boolean.TRUE.equals(value);
    }

    /// A string or a number as text, as `IntOrString` and quantities come over the wire.
    public String text() {
        return value == null ? "" : value.toString();
    }

    @SuppressWarnings("unchecked")
    public List<Object> list() {
        return value instanceof List<?> list ? (List<Object>) list : List.of();
    }

    @SuppressWarnings("unchecked")
    public Map<String, Object> map() {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    public Stream<View> stream() {
        return list().stream().map(View::of);
    }

    public List<View> views() {
        return list().stream().map(View::of).toList();
    }

    public List<String> strings() {
        return stream().map(View::string).toList();
    }

    /// A map of strings such as labels; values of other types are left out.
    public Map<String, String> stringMap() {
        if (!(value instanceof Map<?, ?> map) || map.isEmpty()) return Map.of();
        var result = new LinkedHashMap<String, String>();
        map.forEach((key, entry) -> {
            if (entry instanceof String text) result.put((String) key, text);
        });
        return result;
    }

    /// The first list element whose `field` is `expected`.
    public View find(String field, String expected) {
        for (var element : list()) {
            if (of(element).get(field).string().equals(expected)) return of(element);
        }
        return ABSENT;
    }

    public <T> T map(Function<View, T> reader, T fallback) {
        return exists() ? reader.apply(this) : fallback;
    }

    // The metadata every object has.

    public View metadata() {
        return get("metadata");
    }

    public String name() {
        return metadata().get("name").string();
    }

    public String namespace() {
        return metadata().get("namespace").string();
    }

    public String uid() {
        return metadata().get("uid").string();
    }

    public Map<String, String> labels() {
        return metadata().get("labels").stringMap();
    }

    public String annotation(String key) {
        return metadata().get("annotations").get(key).string();
    }

    public boolean deleting() {
        return metadata().get("deletionTimestamp").exists();
    }

    public String resourceVersion() {
        return metadata().get("resourceVersion").string();
    }

    public ObjectKey key() {
        return new ObjectKey(namespace(), name());
    }

    public View spec() {
        return get("spec");
    }

    public View status() {
        return get("status");
    }

    /// The status (`True`, `False`, `Unknown`) of the condition of this type, or `""`.
    public String condition(String type) {
        return status().get("conditions").find("type", type).get("status").string();
    }

    /// The owner reference with `controller: true`.
    public View controller() {
        for (var owner : metadata().get("ownerReferences").list()) {
            if (of(owner).get("controller").bool()) return of(owner);
        }
        return ABSENT;
    }
}
