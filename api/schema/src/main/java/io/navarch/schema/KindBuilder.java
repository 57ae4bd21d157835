package io.navarch.schema;

import io.navarch.objects.FieldError;
import io.navarch.objects.Lens;
import io.navarch.objects.Names;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition.Connect;
import io.navarch.schema.KindDefinition.Part;
import io.navarch.schema.KindDefinition.Scale;
import io.navarch.schema.types.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Declares a kind. Where it is served, its names and its scope come from its resource; rules, columns and
/// whatever else reads an object are given `T`.
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
/// @param <T> what reads an object: a structure of the model, or a [View] for kinds that are not known while
///     building
public final class KindBuilder<T extends Lens> {
    /// Checks an object; `old` is absent on create. Returns every error found.
    @FunctionalInterface
    public interface Rules<T> {
        List<FieldError> check(T object, T old);
    }

    private final ResourceType<T> type;
    private String singular;
    private String listKind;
    private List<String> shortNames = List.of();
    private List<String> categories = List.of();
    private final Set<Trait> traits = EnumSet.noneOf(Trait.class);
    private List<String> verbs =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private String storagePrefix;
    private final Map<String, Function<View, String>> fields = new LinkedHashMap<>();
    private UnaryOperator<String> unknownField = label -> "field label not supported: " + label;
    private Optional<Comparator<View>> rowOrder = Optional.empty();
    private Optional<ObjectConverter> converter = Optional.empty();
    private final List<KindVersion> versions = new ArrayList<>();
    private Optional<Scale> scale = Optional.empty();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final List<Connect> connects = new ArrayList<>();
    private final Map<String, List<String>> reset = new LinkedHashMap<>();
    private Function<String, List<String>> nameRule = Names::dnsSubdomain;
    private List<MetadataCheck> metadataOfUpdates = List.of(MetadataCheck.CHANGE);
    private Function<Map<String, Object>, List<String>> oldForm = object -> List.of();
    private Consumer<Map<String, Object>> normalise = object -> {};
    private Consumer<Map<String, Object>> defaults = object -> {};
    private Optional<Consumer<Map<String, Object>>> owned = Optional.empty();
    private BiConsumer<Map<String, Object>, View> prepare = (object, old) -> {};
    private BiConsumer<Map<String, Object>, View> prepareStatus = (object, old) -> {};
    private Optional<KindDefinition.Rules> rules = Optional.empty();
    private KindDefinition.Rules statusRules = (object, old) -> List.of();
    private BiFunction<View, View, List<String>> warnings = (object, old) -> List.of();
    private Optional<Function<View, OptionalLong>> gracePeriod = Optional.empty();
    private Predicate<View> held = object -> false;
    private Optional<Consumer<Map<String, Object>>> marking = Optional.empty();
    private Function<View, Duration> timeToLive = object -> Duration.ZERO;

    private KindBuilder(ResourceType<T> type) {
        this.type = type;
        singular = type.kind().toLowerCase(Locale.ROOT);
        listKind = type.kind() + "List";
        storagePrefix = "/registry/" + type.plural() + "/";
        if (type.namespaced()) traits.add(Trait.NAMESPACED);
    }

    public static <T extends Lens> KindBuilder<T> of(ResourceType<T> type) {
        return new KindBuilder<>(type);
    }

    public KindDefinition build() {
        return new KindDefinition(
                new KindDefinition.Naming(
                        type.group(), type.kind(), type.plural(), singular, listKind, shortNames, categories),
                new KindDefinition.Serving(
                        Collections.unmodifiableSet(EnumSet.copyOf(traits)),
                        verbs,
                        storagePrefix,
                        Collections.unmodifiableMap(new LinkedHashMap<>(fields)),
                        unknownField,
                        rowOrder,
                        converter,
                        List.copyOf(versions)),
                new KindDefinition.Subresources(
                        scale,
                        Collections.unmodifiableMap(new LinkedHashMap<>(parts)),
                        List.copyOf(connects),
                        Map.copyOf(reset)),
                new KindDefinition.Writing(
                        nameRule,
                        metadataOfUpdates,
                        oldForm,
                        normalise,
                        defaults,
                        owned,
                        prepare,
                        prepareStatus,
                        rules,
                        statusRules,
                        warnings),
                new KindDefinition.Deletion(gracePeriod, held, marking, timeToLive));
    }

    private KindDefinition.Rules untyped(Rules<T> check) {
        return (object, old) -> check.check(type.read(object), type.read(old));
    }

    public KindBuilder<T> version(Schema schema) {
        return version(schema, columns -> {});
    }

    /// The version of the resource itself. The first version that is declared is the one objects are stored in.
    public KindBuilder<T> version(Schema schema, Consumer<ColumnList<T>> columns) {
        return version(type.version(), schema, columns);
    }

    public KindBuilder<T> version(String name, Schema schema, Consumer<ColumnList<T>> columns) {
        return version(name, () -> schema, columns);
    }

    /// @param schema asked for whenever it is needed
    public KindBuilder<T> version(String name, Supplier<Schema> schema, Consumer<ColumnList<T>> columns) {
        var list = new ColumnList<T>(type::read);
        columns.accept(list);
        return version(KindVersion.of(name, schema, list.columns()));
    }

    private KindBuilder<T> version(KindVersion version) {
        versions.add(version);
        return this;
    }

    /// The version just declared is stored, but not served.
    public KindBuilder<T> unserved() {
        return version(versions.removeLast().unserved());
    }

    /// The schema of the version just declared is published as it is written here.
    public KindBuilder<T> declaredAs(Supplier<Map<String, Object>> source) {
        return version(versions.removeLast().declared(source));
    }

    /// Objects of the version just declared keep these rules as well.
    public KindBuilder<T> keeping(ObjectRules rules) {
        return version(versions.removeLast().ruled(rules));
    }

    /// Every use of the version just declared is answered with a warning.
    public KindBuilder<T> deprecated(String warning) {
        return version(versions.removeLast().deprecated(warning));
    }

    /// Objects of the version just declared are converted to the stored version and back. The functions are
    /// given and return whole objects and may change their argument.
    public KindBuilder<T> converted(
            UnaryOperator<Map<String, Object>> toStorage, UnaryOperator<Map<String, Object>> fromStorage) {
        return version(versions.removeLast().converted(toStorage, fromStorage));
    }

    /// Objects are converted by somebody who is asked, rather than by their versions.
    public KindBuilder<T> convertedBy(ObjectConverter asked) {
        converter = Optional.of(asked);
        return this;
    }

    /// A label for field selectors of the version just declared.
    public KindBuilder<T> selecting(String label, Function<T, String> reader) {
        var version = versions.removeLast();
        var labels = Stream.concat(version.selectable().stream(), Stream.of(label));
        return version(version.selecting(labels.distinct().toList())).field(label, reader);
    }

    public KindBuilder<T> shortNames(String... names) {
        shortNames = List.of(names);
        return this;
    }

    public KindBuilder<T> categories(String... names) {
        categories = List.of(names);
        return this;
    }

    public KindBuilder<T> names(String singularName, String listKindName) {
        singular = singularName;
        listKind = listKindName;
        return this;
    }

    /// Only `create` works: access reviews and the like.
    public KindBuilder<T> createOnly() {
        traits.add(Trait.CREATE_ONLY);
        return this;
    }

    /// Nothing is stored: the server makes every answer anew.
    public KindBuilder<T> asComputed() {
        traits.add(Trait.COMPUTED);
        return this;
    }

    /// A subresource through which a part of the object is written, as status is.
    ///
    /// @param merge the object as it will be, from what was sent and what is stored
    public KindBuilder<T> withPart(
            String name, BiFunction<Map<String, Object>, T, Map<String, Object>> merge, Rules<T> check) {
        parts.put(name, new Part(name, (sent, old) -> merge.apply(sent, type.read(old)), untyped(check)));
        return this;
    }

    public KindBuilder<T> withStatus() {
        traits.add(Trait.STATUS);
        return this;
    }

    /// What the endpoint of a subresource, or of the object itself with `""`, takes no notice of, so that nobody
    /// comes to own it by sending it there: by default the status, and the spec where the status is written.
    public KindBuilder<T> resetting(String subresource, String... paths) {
        reset.put(subresource, List.of(paths));
        return this;
    }

    /// `metadata.generation` counts changes of anything outside metadata and status.
    public KindBuilder<T> withGeneration() {
        traits.add(Trait.GENERATION);
        return this;
    }

    /// As [#withGeneration()], but there is none before the first change.
    public KindBuilder<T> withGenerationOfChanges() {
        traits.add(Trait.UNCOUNTED_AT_FIRST);
        return withGeneration();
    }

    /// As [#withGeneration()], and changes of annotations count as well.
    public KindBuilder<T> withGenerationOfAnnotations() {
        traits.add(Trait.ANNOTATIONS_COUNTED);
        return withGeneration();
    }

    /// As [#withGeneration()], and changes of labels count as well.
    public KindBuilder<T> withGenerationOfLabels() {
        traits.add(Trait.LABELS_COUNTED);
        return withGeneration();
    }

    /// Dependents stay unless whoever deletes says otherwise, as it was when there was no garbage collector.
    public KindBuilder<T> keepingDependents() {
        traits.add(Trait.KEEPS_DEPENDENTS);
        return this;
    }

    /// As [#keepingDependents()], and whoever says nothing of them is told so.
    public KindBuilder<T> keepingDependentsTold() {
        traits.add(Trait.KEEPING_TOLD);
        return keepingDependents();
    }

    /// Deletions are answered with the object that is gone.
    public KindBuilder<T> showsDeleted() {
        traits.add(Trait.DELETED_SHOWN);
        return this;
    }

    /// A new object comes with its status; afterwards that has an endpoint of its own.
    public KindBuilder<T> withStatusFromTheStart() {
        traits.add(Trait.STATUS_OF_NEW);
        return withStatus();
    }

    /// Finalizers without a domain need not be Kubernetes' own.
    public KindBuilder<T> withAnyFinalizers() {
        traits.add(Trait.ANY_FINALIZERS);
        return this;
    }

    public KindBuilder<T> asCustom() {
        traits.add(Trait.CUSTOM);
        return this;
    }

    /// Nothing new of the kind is taken any more.
    public KindBuilder<T> ending() {
        traits.add(Trait.ENDING);
        return this;
    }

    /// A PUT of an object that is not there creates it (leases, events, endpoints, RBAC and others).
    public KindBuilder<T> createsOnUpdate() {
        traits.add(Trait.CREATE_ON_UPDATE);
        return this;
    }

    /// A PUT must name the version that it replaces.
    public KindBuilder<T> updatedConditionally() {
        traits.add(Trait.CONDITIONAL);
        return this;
    }

    public KindBuilder<T> withScale(Scale paths) {
        scale = Optional.of(paths);
        return this;
    }

    public KindBuilder<T> storedUnder(String prefix) {
        storagePrefix = prefix;
        return this;
    }

    /// @param rule returns everything that is wrong with a name
    public KindBuilder<T> named(Function<String, List<String>> rule) {
        nameRule = rule;
        return this;
    }

    public KindBuilder<T> withAnyPrefix() {
        traits.add(Trait.ANY_PREFIX);
        return this;
    }

    /// The kind itself checks no metadata of new objects; they have to be as all kinds want them nevertheless.
    public KindBuilder<T> withAnyMetadata() {
        traits.add(Trait.ANY_METADATA);
        return this;
    }

    /// An update is checked as a new object is, and once more as an update: clients are told twice what is wrong.
    public KindBuilder<T> tellingTwice() {
        traits.add(Trait.TOLD_TWICE);
        return this;
    }

    /// What an update checks of metadata besides what is checked of all kinds; [MetadataCheck#CHANGE] unless
    /// it is told.
    public KindBuilder<T> checkingUpdates(MetadataCheck... checks) {
        metadataOfUpdates = List.of(checks);
        return this;
    }

    /// Deletion is graceful.
    ///
    /// @param seconds how long an object is given unless the client says otherwise, nothing when it needs no time
    ///     whatever the client says
    public KindBuilder<T> gracefulDeletion(Function<T, OptionalLong> seconds) {
        gracePeriod = Optional.of(object -> seconds.apply(type.read(object)));
        return this;
    }

    /// A deleted object stays as long as this holds, as if it had a finalizer.
    ///
    /// @param onDeletion changes the object when its deletion begins
    public KindBuilder<T> heldWhile(Predicate<T> condition, Consumer<Map<String, Object>> onDeletion) {
        held = object -> condition.test(type.read(object));
        marking = Optional.of(onDeletion);
        return this;
    }

    /// What is to become of dependents is not noted on an object that is deleted.
    public KindBuilder<T> withoutPropagation() {
        traits.add(Trait.PROPAGATION_UNNOTED);
        return this;
    }

    public KindBuilder<T> expiresAfter(Function<T, Duration> ttl) {
        timeToLive = object -> ttl.apply(type.read(object));
        return this;
    }

    /// Runs before anything is checked: accepts shapes that are written differently from how they are typed.
    public KindBuilder<T> normalisedBy(Consumer<Map<String, Object>> step) {
        normalise = step;
        return this;
    }

    /// Completes an object after the defaults of its schema.
    public KindBuilder<T> defaultedBy(Consumer<Map<String, Object>> step) {
        defaults = step;
        return this;
    }

    /// As [#defaultedBy(Consumer)], through the model's builder: `.defaultedBy(Pod::edit, PodDefaults::apply)`.
    public <B> KindBuilder<T> defaultedBy(Function<Map<String, Object>, B> edit, Consumer<B> step) {
        return defaultedBy(object -> step.accept(edit.apply(object)));
    }

    /// Adds to an object what belongs to whoever writes it, but is not stored yet at that time.
    public <B> KindBuilder<T> ownedAs(Function<Map<String, Object>, B> edit, Consumer<B> step) {
        owned = Optional.of(object -> step.accept(edit.apply(object)));
        return this;
    }

    /// Sets the fields that the server owns; the old object is absent on create.
    public KindBuilder<T> preparedBy(BiConsumer<Map<String, Object>, T> step) {
        prepare = (object, old) -> step.accept(object, type.read(old));
        return this;
    }

    /// As [#preparedBy(BiConsumer)], through the model's builder: `.preparedBy(Pod::edit, PodKind::prepare)`.
    public <B> KindBuilder<T> preparedBy(Function<Map<String, Object>, B> edit, BiConsumer<B, T> step) {
        return preparedBy((object, old) -> step.accept(edit.apply(object), old));
    }

    /// As [#preparedBy(Function, BiConsumer)], when the status is written through its own endpoint.
    public <B> KindBuilder<T> statusPreparedBy(Function<Map<String, Object>, B> edit, BiConsumer<B, T> step) {
        prepareStatus = (object, old) -> step.accept(edit.apply(object), type.read(old));
        return this;
    }

    public KindBuilder<T> ruledBy(Rules<T> check) {
        rules = Optional.of(untyped(check));
        return this;
    }

    /// What is said about an object that is taken nevertheless; `old` is absent on create.
    public KindBuilder<T> warning(BiFunction<T, T, List<String>> check) {
        warnings = (object, old) -> check.apply(type.read(object), type.read(old));
        return this;
    }

    /// Rules for the status, checked when it is written through its own endpoint.
    public KindBuilder<T> statusRuledBy(Rules<T> check) {
        statusRules = untyped(check);
        return this;
    }

    /// Rewrites an older form of the object before types are checked, and returns warnings about it.
    public KindBuilder<T> readingOldForm(Function<Map<String, Object>, List<String>> step) {
        oldForm = step;
        return this;
    }

    public KindBuilder<T> field(String label, Function<T, String> reader) {
        fields.put(label, object -> reader.apply(type.read(object)));
        return this;
    }

    /// What is said of another label, where that is not the usual.
    public KindBuilder<T> unknownField(UnaryOperator<String> message) {
        unknownField = message;
        return this;
    }

    /// Labels for field selectors that are the paths of their fields.
    public KindBuilder<T> fieldAt(String... paths) {
        for (var path : paths) fields.put(path, object -> object.path(path).text());
        return this;
    }

    /// How the rows of a table stand, where that is not the order of their names.
    public KindBuilder<T> rowsOrderedBy(Comparator<T> order) {
        rowOrder = Optional.of(Comparator.comparing(type::read, order));
        return this;
    }

    /// The verbs of the resource itself; by default all.
    public KindBuilder<T> verbs(String... names) {
        verbs = List.of(names);
        return this;
    }

    /// A subresource that a handler of its own serves: exec, log, binding, …
    public KindBuilder<T> connect(String name, String kind, String group, String version, String... names) {
        connects.add(new Connect(name, kind, group, version, List.of(names)));
        return this;
    }
}
