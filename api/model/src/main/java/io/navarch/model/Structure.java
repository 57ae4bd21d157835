package io.navarch.model;

import io.navarch.objects.IntOrString;
import io.navarch.objects.Lens;
import io.navarch.objects.Quantity;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A structure of the API as a lens over an object tree: each method reads its field when it is asked for. A field of
/// another type than the API's reads as absent, so decisions never fail on what a client wrote; the tree is never
/// changed through a lens. Two structures are equal when their trees are.
public abstract class Structure implements Lens {
    private final @Nullable Object tree;

    protected Structure(@Nullable Object tree) {
        this.tree = tree;
    }

    @Override
    public final @Nullable Object tree() {
        return tree;
    }

    public final View view() {
        return View.of(tree);
    }

    @Override
    public final boolean exists() {
        return tree != null;
    }

    /// The value of a field as it is written; the name is one of the structure's constants.
    public final View raw(String field) {
        return View.of(field(field));
    }

    protected final @Nullable Object field(String name) {
        return tree instanceof Map<?, ?> map ? map.get(name) : null;
    }

    protected final boolean has(String name) {
        return field(name) != null;
    }

    protected final String string(String name) {
        return asString(field(name));
    }

    protected final String stringOr(String name, String fallback) {
        return field(name) instanceof String text && !text.isEmpty() ? text : fallback;
    }

    protected final int intOr(String name, int fallback) {
        return field(name) instanceof Number number ? number.intValue() : fallback;
    }

    protected final long longOr(String name, long fallback) {
        return field(name) instanceof Number number ? number.longValue() : fallback;
    }

    protected final double doubleOr(String name, double fallback) {
        return field(name) instanceof Number number ? number.doubleValue() : fallback;
    }

    protected final boolean boolOr(String name, boolean fallback) {
        return field(name) instanceof Boolean flag ? flag : fallback;
    }

    protected final Optional<Instant> time(String name) {
        return asTime(field(name));
    }

    protected final <T> List<T> list(String name, Function<@Nullable Object, T> element) {
        return asList(field(name), element);
    }

    protected final <T> Map<String, T> map(String name, Function<@Nullable Object, T> value) {
        return asMap(field(name), value);
    }

    /// Labels and their like: values that are no strings are left out.
    protected final Map<String, String> strings(String name) {
        return asStrings(field(name));
    }

    // How values are read, wherever they stand.

    static String asString(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    static int asInt(@Nullable Object value) {
        return value instanceof Number number ? number.intValue() : 0;
    }

    static long asLong(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    static double asDouble(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : 0;
    }

    static boolean asBoolean(@Nullable Object value) {
        return Boolean.TRUE.equals(value);
    }

    static Optional<Instant> asTime(@Nullable Object value) {
        return value instanceof String text ? Timestamps.parse(text) : Optional.empty();
    }

    /// Zero when it is no quantity.
    static Quantity asQuantity(@Nullable Object value) {
        return Quantity.parseOr(value, Quantity.ZERO);
    }

    static IntOrString asIntOrString(@Nullable Object value) {
        return new IntOrString(value instanceof Number || value instanceof String ? value : null);
    }

    /// Decodes base64; empty when it is none.
    static byte[] asBytes(@Nullable Object value) {
        try {
            return Base64.getDecoder().decode(asString(value));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    static View asView(@Nullable Object value) {
        return View.of(value);
    }

    static <T> List<T> asList(@Nullable Object value, Function<@Nullable Object, T> element) {
        return value instanceof List<?> list && !list.isEmpty() ? new LensList<>(list, element) : List.of();
    }

    static <T> Map<String, T> asMap(@Nullable Object value, Function<@Nullable Object, T> element) {
        if (!(value instanceof Map<?, ?> map) || map.isEmpty()) return Map.of();
        var result = LinkedHashMap.<String, T>newLinkedHashMap(map.size());
        map.forEach((key, each) -> result.put((String) key, element.apply(each)));
        return result;
    }

    @SuppressWarnings("unchecked")
    static Map<String, String> asStrings(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map) || map.isEmpty()) return Map.of();
        for (var each : map.values())
            if (!(each instanceof String)) return View.of(map).stringMap();
        return Collections.unmodifiableMap((Map<String, String>) map);
    }

    /// Equality in which an absent field and an empty one are the same, as [Trees#semanticEquals] has it.
    public final boolean semanticEquals(Structure other) {
        return Trees.semanticEquals(tree, other.tree);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Structure that && that.getClass() == getClass() && Objects.equals(tree, that.tree);
    }

    @Override
    public final int hashCode() {
        return Objects.hashCode(tree);
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + tree;
    }
}
