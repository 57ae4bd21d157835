package io.navarch.model;

import io.navarch.objects.IntOrString;
import io.navarch.objects.Lens;
import io.navarch.objects.Quantity;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes a structure's object tree. What is put in is copied, so a builder never changes an object that somebody else
/// holds; putting in an absent structure takes the field out.
public abstract class StructureBuilder {
    private final Map<String, Object> tree;

    protected StructureBuilder(Map<String, Object> tree) {
        this.tree = tree;
    }

    /// The tree as it is now; later changes show in it.
    public final Map<String, Object> map() {
        return tree;
    }

    protected final void put(String name, @Nullable Object value) {
        var plain = plain(value);
        if (plain == null) tree.remove(name);
        else tree.put(name, plain);
    }

    protected final void clear(String name) {
        tree.remove(name);
    }

    protected final void add(String name, Object value) {
        var plain = plain(value);
        if (plain != null) Trees.childList(tree, name).add(plain);
    }

    protected final void putEntry(String name, String key, Object value) {
        var plain = plain(value);
        if (plain != null) Trees.child(tree, name).put(key, plain);
    }

    protected final void removeEntry(String name, String key) {
        if (tree.get(name) instanceof Map<?, ?> map) map.remove(key);
    }

    protected final <B extends StructureBuilder> void edit(
            String name, Function<Map<String, Object>, B> builder, Consumer<B> change) {
        change.accept(builder.apply(Trees.child(tree, name)));
    }

    /// Changes the structure if there is one.
    @SuppressWarnings("unchecked")
    protected final <B extends StructureBuilder> void editPresent(
            String name, Function<Map<String, Object>, B> builder, Consumer<B> change) {
        if (tree.get(name) instanceof Map<?, ?> map) change.accept(builder.apply((Map<String, Object>) map));
    }

    protected final <B extends StructureBuilder> void addEdited(
            String name, Function<Map<String, Object>, B> builder, Consumer<B> change) {
        var element = new LinkedHashMap<String, Object>();
        change.accept(builder.apply(element));
        Trees.childList(tree, name).add(element);
    }

    @SuppressWarnings("unchecked")
    protected final <B extends StructureBuilder> void editEach(
            String name, Function<Map<String, Object>, B> builder, Consumer<B> change) {
        if (!(tree.get(name) instanceof List<?> list)) return;
        for (var element : list) {
            if (element instanceof Map<?, ?> map) change.accept(builder.apply((Map<String, Object>) map));
        }
    }

    /// The value as trees hold it; `null` for an absent one.
    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Lens lens -> Trees.copyOf(lens.tree());
            case StructureBuilder builder -> Trees.copy(builder.tree);
            case Enumeration enumeration -> enumeration.text().isEmpty() ? null : enumeration.text();
            case Quantity quantity -> quantity.toString();
            case IntOrString either -> either.value();
            case Instant time -> Timestamps.seconds(time);
            case Optional<?> optional -> plain(optional.orElse(null));
            case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
            case Integer number -> number.longValue();
            case List<?> list -> {
                var result = new ArrayList<Object>(list.size());
                for (var element : list) {
                    var plain = plain(element);
                    if (plain != null) result.add(plain);
                }
                yield result;
            }
            case Map<?, ?> map -> {
                var result = new LinkedHashMap<String, Object>();
                map.forEach((key, element) -> {
                    var plain = plain(element);
                    if (plain != null) result.put((String) key, plain);
                });
                yield result;
            }
            default -> value;
        };
    }
}
