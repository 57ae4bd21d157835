package io.navarch.schema;

import io.navarch.objects.FieldError;
import io.navarch.objects.Lens;
import io.navarch.objects.ResourceType;
import io.navarch.schema.KindDefinition.Column;
import io.navarch.schema.KindDefinition.Scale;
import io.navarch.schema.KindDefinition.Version;
import io.navarch.schema.types.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/// Declares a kind. Where it is served, its names and its scope come from its resource; rules, columns and whatever
/// else reads an object are given `T`.
///
/// ```java
/// KindBuilder.of(Resources.STORAGE_CLASSES)
///         .version(types.get("V1StorageClass"), columns -> columns
///                 .name()
///                 .text("Provisioner", StorageClass::provisioner)
///                 .age())
///         .shortNames("sc")
///         .ruledBy(StorageClassKind::check)
///         .build();
/// ```
///
/// @param <T> what reads an object: a structure of the model, or a [View] for kinds that are not known while building
public final class KindBuilder<T extends Lens> {
    /// Checks an object; `old` is absent on create. Returns every error found.
    @FunctionalInterface
    public interface Rules<T> {
        List<FieldError> check(T object, T old);
    }

    private final ResourceType<T> type;
    private final KindDefinition definition;
    private final List<Version> versions = new ArrayList<>();

    private KindBuilder(ResourceType<T> type) {
        this.type = type;
        definition = KindDefinition.of(type.group(), type.kind(), type.plural());
        if (!type.namespaced()) definition.clusterScoped();
    }

    public static <T extends Lens> KindBuilder<T> of(ResourceType<T> type) {
        return new KindBuilder<>(type);
    }

    public KindDefinition build() {
        versions.forEach(definition::version);
        return definition;
    }

    private KindDefinition.Rules untyped(Rules<T> rules) {
        return (object, old) -> rules.check(type.read(object), type.read(old));
    }

    /// The version of the resource itself, without columns of its own.
    public KindBuilder<T> version(Schema schema) {
        return version(schema, columns -> {});
    }

    /// The version of the resource itself. The first version that is declared is the one objects are stored in.
    public KindBuilder<T> version(Schema schema, Consumer<ColumnList<T>> columns) {
        return version(type.version(), schema, columns);
    }

    public KindBuilder<T> version(String name, Schema schema, Consumer<ColumnList<T>> columns) {
        var list = new ColumnList<T>(type::read);
        columns.accept(list);
        return version(new Version(name, schema, true, "", same -> same, same -> same, list.columns()));
    }

    public KindBuilder<T> version(String name, Schema schema, Column... columns) {
        return version(new Version(name, schema, true, "", same -> same, same -> same, List.of(columns)));
    }

    public KindBuilder<T> version(Version version) {
        versions.add(version);
        return this;
    }

    /// Every use of the version just declared is answered with a warning.
    public KindBuilder<T> deprecated(String warning) {
        var last = versions.removeLast();
        return version(new Version(
                last.name(),
                last.schema(),
                last.served(),
                warning,
                last.toStorage(),
                last.fromStorage(),
                last.columns()));
    }

    /// Objects of the version just declared are converted to the stored version and back. The functions are given and
    /// return whole objects and may change their argument.
    public KindBuilder<T> converted(
            UnaryOperator<Map<String, Object>> toStorage, UnaryOperator<Map<String, Object>> fromStorage) {
        var last = versions.removeLast();
        return version(new Version(
                last.name(), last.schema(), last.served(), last.deprecation(), toStorage, fromStorage, last.columns()));
    }

    public KindBuilder<T> shortNames(String... names) {
        definition.shortNames(names);
        return this;
    }

    public KindBuilder<T> categories(String... names) {
        definition.categories(names);
        return this;
    }

    public KindBuilder<T> names(String singular, String listKind) {
        definition.names(singular, listKind);
        return this;
    }

    /// Only `create` works: access reviews and the like.
    public KindBuilder<T> createOnly() {
        definition.createOnly();
        return this;
    }

    /// Nothing is stored: the server makes every answer anew.
    public KindBuilder<T> asComputed() {
        definition.asComputed();
        return this;
    }

    /// A subresource through which a part of the object is written, as status is.
    ///
    /// @param merge the object as it will be, from what was sent and what is stored
    public KindBuilder<T> withPart(
            String name, BiFunction<Map<String, Object>, T, Map<String, Object>> merge, Rules<T> rules) {
        definition.withPart(name, (sent, old) -> merge.apply(sent, type.read(old)), untyped(rules));
        return this;
    }

    public KindBuilder<T> withStatus() {
        definition.withStatus();
        return this;
    }

    /// `metadata.generation` counts changes of anything outside metadata and status.
    public KindBuilder<T> withGeneration() {
        definition.withGeneration();
        return this;
    }

    public KindBuilder<T> asCustom() {
        definition.asCustom();
        return this;
    }

    /// A PUT of an object that is not there creates it (leases, events, endpoints, RBAC and others).
    public KindBuilder<T> createsOnUpdate() {
        definition.createsOnUpdate();
        return this;
    }

    /// A PUT must name the version that it replaces.
    public KindBuilder<T> updatedConditionally() {
        definition.updatedConditionally();
        return this;
    }

    public KindBuilder<T> withScale(Scale paths) {
        definition.withScale(paths);
        return this;
    }

    public KindBuilder<T> storedUnder(String prefix) {
        definition.storedUnder(prefix);
        return this;
    }

    /// @param rule what is wrong with a name
    public KindBuilder<T> named(Function<String, List<String>> rule) {
        definition.named(rule);
        return this;
    }

    /// Deletion is graceful.
    ///
    /// @param seconds how long an object is given unless the client says otherwise
    public KindBuilder<T> gracefulDeletion(ToLongFunction<T> seconds) {
        definition.gracefulDeletion(object -> seconds.applyAsLong(type.read(object)));
        return this;
    }

    /// A deleted object stays as long as this holds, as if it had a finalizer.
    ///
    /// @param onDeletion what is noted in the object when its deletion begins
    public KindBuilder<T> heldWhile(Predicate<T> condition, Consumer<Map<String, Object>> onDeletion) {
        definition.heldWhile(object -> condition.test(type.read(object)), onDeletion);
        return this;
    }

    public KindBuilder<T> expiresAfter(Function<T, Duration> ttl) {
        definition.expiresAfter(object -> ttl.apply(type.read(object)));
        return this;
    }

    /// Runs before anything is checked: accepts shapes that are written differently from how they are typed.
    public KindBuilder<T> normalisedBy(Consumer<Map<String, Object>> step) {
        definition.normalisedBy(step);
        return this;
    }

    /// Completes an object after the defaults of its schema.
    public KindBuilder<T> defaultedBy(Consumer<Map<String, Object>> step) {
        definition.defaultedBy(step);
        return this;
    }

    /// As [#defaultedBy(Consumer)], through the model's builder: `.defaultedBy(Pod::edit, PodDefaults::apply)`.
    public <B> KindBuilder<T> defaultedBy(Function<Map<String, Object>, B> edit, Consumer<B> step) {
        return defaultedBy(object -> step.accept(edit.apply(object)));
    }

    /// Sets the fields that the server owns; the old object is absent on create.
    public KindBuilder<T> preparedBy(BiConsumer<Map<String, Object>, T> step) {
        definition.preparedBy((object, old) -> step.accept(object, type.read(old)));
        return this;
    }

    /// As [#preparedBy(BiConsumer)], through the model's builder: `.preparedBy(Pod::edit, PodKind::prepare)`.
    public <B> KindBuilder<T> preparedBy(Function<Map<String, Object>, B> edit, BiConsumer<B, T> step) {
        return preparedBy((object, old) -> step.accept(edit.apply(object), old));
    }

    public KindBuilder<T> ruledBy(Rules<T> rules) {
        definition.ruledBy(untyped(rules));
        return this;
    }

    /// What holds for the status, checked when it is written through its own endpoint.
    public KindBuilder<T> statusRuledBy(Rules<T> rules) {
        definition.statusRuledBy(untyped(rules));
        return this;
    }

    /// Rewrites a form of older texts as it is read, before any type is looked at, and returns warnings about it.
    public KindBuilder<T> readingOldForm(Function<Map<String, Object>, List<String>> step) {
        definition.readingOldForm(step);
        return this;
    }

    /// A label for field selectors.
    public KindBuilder<T> field(String label, Function<T, String> reader) {
        definition.field(label, object -> reader.apply(type.read(object)));
        return this;
    }

    /// Labels for field selectors that are the paths of their fields.
    public KindBuilder<T> fieldAt(String... paths) {
        definition.fieldAt(paths);
        return this;
    }

    /// The verbs of the resource itself; all of them unless said.
    public KindBuilder<T> verbs(String... names) {
        definition.verbs(names);
        return this;
    }

    /// A subresource that a handler of its own serves: exec, log, binding, …
    public KindBuilder<T> connect(String name, String kind, String group, String version, String... verbs) {
        definition.connect(name, kind, group, version, verbs);
        return this;
    }
}
