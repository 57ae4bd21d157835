package io.navarch.schema;

import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.walk.Defaulting;
import io.navarch.schema.walk.TypedValidation;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Everything the server knows of a kind, built-in or custom; the request pipeline reads this and nothing else.
///
/// Immutable; declared through a [KindBuilder]. Two definitions are the same only if they are the same object.
public final class KindDefinition {
    /// The names of a kind.
    record Naming(
            String group,
            String kind,
            String plural,
            String singular,
            String listKind,
            List<String> shortNames,
            List<String> categories) {}

    /// @param verbs of the resource itself
    /// @param storagePrefix below which objects are stored; kinds with the same prefix share their objects
    /// @param fields the labels of field selectors, and how they are read
    /// @param unknownField what is said of another label
    /// @param rowOrder how the rows of a table of them stand; empty for the order of their names
    record Serving(
            Set<Trait> traits,
            List<String> verbs,
            String storagePrefix,
            Map<String, Function<View, String>> fields,
            UnaryOperator<String> unknownField,
            Optional<Comparator<View>> rowOrder,
            Optional<ObjectConverter> converter,
            List<KindVersion> versions) {}

    /// @param reset what an endpoint takes no notice of and nobody owns through it, where that is not what most kinds
    ///     have: paths of fields by the name of the subresource, `""` for the object itself
    record Subresources(
            Optional<Scale> scale, Map<String, Part> parts, List<Connect> connects, Map<String, List<String>> reset) {}

    /// What happens to an object on its way to the store, in this order.
    ///
    /// @param metadataOfUpdates what an update checks of metadata besides what is checked of all kinds
    /// @param oldForm rewrites a form of older texts as it is read, and returns warnings about it
    /// @param normalise accepts shapes that are written differently from how they are typed
    /// @param defaults completes an object after the defaults of its schema
    /// @param owned adds what belongs to whoever writes the object beyond what is sent and defaulted
    /// @param prepare sets the fields that the server owns
    /// @param rules what must hold for an object; empty if the schema says it all
    /// @param statusRules what must hold when the status is written
    /// @param warnings what is said about an object that is taken nevertheless; `old` is absent on create
    record Writing(
            Function<String, List<String>> nameRule,
            List<MetadataCheck> metadataOfUpdates,
            Function<Map<String, Object>, List<String>> oldForm,
            Consumer<Map<String, Object>> normalise,
            Consumer<Map<String, Object>> defaults,
            Optional<Consumer<Map<String, Object>>> owned,
            BiConsumer<Map<String, Object>, View> prepare,
            BiConsumer<Map<String, Object>, View> prepareStatus,
            Optional<Rules> rules,
            Rules statusRules,
            BiFunction<View, View, List<String>> warnings) {}

    /// @param gracePeriod how many seconds an object is given unless the client says otherwise, nothing when none are
    ///     needed whatever it says; empty if deletion is not graceful
    /// @param held whether a deleted object stays, as if it had a finalizer
    /// @param marking changes an object when its deletion begins
    /// @param timeToLive after which an object expires; zero if it does not
    record Deletion(
            Optional<Function<View, OptionalLong>> gracePeriod,
            Predicate<View> held,
            Optional<Consumer<Map<String, Object>>> marking,
            Function<View, Duration> timeToLive) {}

    /// Paths of the scale subresource inside the object, without the leading dot.
    ///
    /// @param selector `""` if the object has none
    public record Scale(String specReplicas, String statusReplicas, String selector) {}

    /// Checks an object; `old` is absent on create. Returns every error found.
    public interface Rules {
        List<FieldError> check(View object, View old);
    }

    /// A subresource that a handler of its own serves: exec, log, binding, …
    public record Connect(String name, String kind, String group, String version, List<String> verbs) {}

    /// A subresource through which a part of the object is written, as status is.
    ///
    /// @param merge the object as it will be, from what was sent and what is stored
    public record Part(String name, BiFunction<Map<String, Object>, View, Map<String, Object>> merge, Rules rules) {}

    private final Naming naming;
    private final Serving serving;
    private final Subresources subresources;
    private final Writing writing;
    private final Deletion deletion;

    KindDefinition(Naming naming, Serving serving, Subresources subresources, Writing writing, Deletion deletion) {
        this.naming = naming;
        this.serving = serving;
        this.subresources = subresources;
        this.writing = writing;
        this.deletion = deletion;
    }

    public String group() {
        return naming.group;
    }

    public String kind() {
        return naming.kind;
    }

    public String listKind() {
        return naming.listKind;
    }

    public String plural() {
        return naming.plural;
    }

    public String singular() {
        return naming.singular;
    }

    public List<String> shortNames() {
        return naming.shortNames;
    }

    public List<String> categories() {
        return naming.categories;
    }

    public String apiVersion(String version) {
        return group().isEmpty() ? version : group() + "/" + version;
    }

    public String qualified() {
        return group().isEmpty() ? plural() : plural() + "." + group();
    }

    public boolean namespaced() {
        return serving.traits.contains(Trait.NAMESPACED);
    }

    public boolean listable() {
        return !serving.traits.contains(Trait.CREATE_ONLY);
    }

    public boolean computed() {
        return serving.traits.contains(Trait.COMPUTED);
    }

    /// The fields that a subresource, or the object itself (`""`), takes no notice of.
    public List<String> reset(String subresource) {
        var own = subresources.reset.get(subresource);
        if (own != null) return own;
        return switch (subresource) {
            case "" -> hasStatus() ? List.of("status") : List.of();
            case "status" -> custom() ? List.of("metadata", "spec") : List.of("spec");
            default -> List.of();
        };
    }

    /// Whether a subresource is a part of the object itself.
    public boolean partOfObject(String subresource) {
        return subresource.equals("status") && hasStatus() || parts().containsKey(subresource);
    }

    /// Whether there is a subresource; there always is `""`.
    public boolean serves(String subresource) {
        return subresource.isEmpty()
                || partOfObject(subresource)
                || subresource.equals("scale") && scale().isPresent()
                || connects().stream().anyMatch(connect -> connect.name().equals(subresource));
    }

    public boolean hasStatus() {
        return serving.traits.contains(Trait.STATUS);
    }

    public boolean hasGeneration() {
        return serving.traits.contains(Trait.GENERATION);
    }

    /// Whether a new object is counted as the first generation.
    public boolean countsFirst() {
        return hasGeneration() && !serving.traits.contains(Trait.UNCOUNTED_AT_FIRST);
    }

    /// Whether another label is another generation.
    public boolean countsLabels() {
        return serving.traits.contains(Trait.LABELS_COUNTED);
    }

    /// Whether another annotation is another generation.
    public boolean countsAnnotations() {
        return serving.traits.contains(Trait.ANNOTATIONS_COUNTED);
    }

    /// Whether dependents stay by default.
    public boolean keepsDependents() {
        return serving.traits.contains(Trait.KEEPS_DEPENDENTS);
    }

    /// Whether whoever says nothing of dependents is told that they stay.
    public boolean tellsOfDependents() {
        return serving.traits.contains(Trait.KEEPING_TOLD);
    }

    /// Whether a deletion is answered with the object that is gone, rather than with a word of success.
    public boolean showsDeleted() {
        return serving.traits.contains(Trait.DELETED_SHOWN);
    }

    /// Whether whoever makes an object may give it its status.
    public boolean keepsStatusOfNew() {
        return serving.traits.contains(Trait.STATUS_OF_NEW);
    }

    public boolean custom() {
        return serving.traits.contains(Trait.CUSTOM);
    }

    /// Whether the kind itself is going, so that nothing new of it is taken.
    public boolean ending() {
        return serving.traits.contains(Trait.ENDING);
    }

    /// Whether a finalizer without a domain may be another one than Kubernetes' own.
    public boolean anyFinalizers() {
        return serving.traits.contains(Trait.ANY_FINALIZERS) || custom();
    }

    public boolean createOnUpdate() {
        return serving.traits.contains(Trait.CREATE_ON_UPDATE);
    }

    public boolean conditional() {
        return serving.traits.contains(Trait.CONDITIONAL) || custom();
    }

    public List<String> verbs() {
        return listable() ? serving.verbs : List.of("create");
    }

    public String storagePrefix() {
        return serving.storagePrefix;
    }

    public Map<String, Function<View, String>> fields() {
        return serving.fields;
    }

    /// What is said of a label for field selectors that there is not.
    public String unknownField(String label) {
        return serving.unknownField.apply(label);
    }

    public Optional<ObjectConverter> converter() {
        return serving.converter;
    }

    public List<KindVersion> versions() {
        return serving.versions;
    }

    /// The version objects are stored in: the first declared.
    public KindVersion storage() {
        return serving.versions.getFirst();
    }

    public Optional<KindVersion> version(String name) {
        return serving.versions.stream()
                .filter(version -> version.name().equals(name) && version.served())
                .findFirst();
    }

    public Optional<Scale> scale() {
        return subresources.scale;
    }

    public Map<String, Part> parts() {
        return subresources.parts;
    }

    public List<Connect> connects() {
        return subresources.connects;
    }

    public List<String> nameErrors(String name) {
        return writing.nameRule.apply(name);
    }

    /// Everything that is wrong with the beginning of a name; it may end with a dash, where a name may not.
    public List<String> prefixErrors(String prefix) {
        if (serving.traits.contains(Trait.ANY_PREFIX)) return List.of();
        boolean masked = prefix.length() > 1 && prefix.endsWith("-");
        return nameErrors(masked ? prefix.substring(0, prefix.length() - 2) + "a" : prefix);
    }

    /// Whether metadata of new objects is only checked as that of all kinds is.
    public boolean anyMetadata() {
        return serving.traits.contains(Trait.ANY_METADATA);
    }

    /// How the rows of a table stand; empty for the order of names.
    public Optional<Comparator<View>> rowOrder() {
        return serving.rowOrder;
    }

    /// What an update checks of metadata besides what is checked of all kinds.
    public List<MetadataCheck> metadataOfUpdates() {
        return writing.metadataOfUpdates;
    }

    public List<String> readOldForm(Map<String, Object> object) {
        return writing.oldForm.apply(object);
    }

    public void normalise(Map<String, Object> object) {
        writing.normalise.accept(object);
    }

    /// Completes an object of the stored version: no `null`s, the schema's defaults, then the kind's own.
    public void applyDefaults(Map<String, Object> object) {
        Defaulting.dropNulls(object, storage().schema());
        Defaulting.apply(object, storage().schema());
        writing.defaults.accept(object);
    }

    /// The same for an object whose owner is not known yet: an empty list that will be `null` is still a list.
    public void applyDefaultsAsSent(Map<String, Object> object) {
        Defaulting.dropNulls(object, storage().schema());
        Defaulting.applyAsSent(object, storage().schema());
        writing.defaults.accept(object);
    }

    /// The object with all that belongs to whoever writes it: itself, or a copy if that is more than is stored
    /// yet.
    public Map<String, Object> asOwned(Map<String, Object> object) {
        if (writing.owned.isEmpty()) return object;
        var copy = Trees.copy(object);
        writing.owned.get().accept(copy);
        return copy;
    }

    public void prepare(Map<String, Object> object, View old) {
        writing.prepare.accept(object, old);
    }

    public void prepareStatus(Map<String, Object> object, View old) {
        writing.prepareStatus.accept(object, old);
    }

    /// Everything that is wrong with an object of the stored version, apart from its metadata.
    public List<FieldError> check(View object, View old) {
        return checkFor(this, object, old);
    }

    /// As [#check(View, View)], for an object that came in through another group that shares this kind's
    /// objects: that group may have rules of its own.
    public List<FieldError> checkFor(KindDefinition asked, View object, View old) {
        var errors = new FieldErrors();
        TypedValidation.check(object, old, storage().schema(), "status", errors);
        if (old.exists() && serving.traits.contains(Trait.TOLD_TWICE)) errors.addAll(List.copyOf(errors));
        asked.writing.rules.or(() -> writing.rules).ifPresent(rules -> errors.addAll(rules.check(object, old)));
        return errors;
    }

    /// What is said about an object of the stored version that nothing is wrong with.
    public List<String> warnings(View object, View old) {
        return writing.warnings.apply(object, old);
    }

    /// What is wrong after a write through the status subresource.
    public List<FieldError> checkStatus(View object, View old) {
        var errors = new FieldErrors();
        var part = storage().schema().property("status");
        if (part.exists()) TypedValidation.checkPart(object.status(), old.status(), part, "status", errors);
        errors.addAll(writing.statusRules.check(object, old));
        return errors;
    }

    /// The default grace period in seconds; empty if deletion is not graceful.
    public Optional<Function<View, OptionalLong>> gracePeriod() {
        return deletion.gracePeriod;
    }

    /// Whether something keeps a deleted object from being removed.
    public boolean held(View object) {
        return !object.metadata().get("finalizers").list().isEmpty() || deletion.held.test(object);
    }

    /// Changes an object when its deletion begins. A kind that does this itself counts nothing and gives no
    /// grace.
    public Optional<Consumer<Map<String, Object>>> marking() {
        return deletion.marking;
    }

    /// Whether a deletion that says what is to become of dependents is noted on the object.
    public boolean notesPropagation() {
        return !serving.traits.contains(Trait.PROPAGATION_UNNOTED);
    }

    /// The same kind, whose objects expire after this time; zero: they do not.
    public KindDefinition expiringAfter(Duration timeToLive) {
        return new KindDefinition(
                naming,
                serving,
                subresources,
                writing,
                new Deletion(deletion.gracePeriod, deletion.held, deletion.marking, object -> timeToLive));
    }

    public Duration timeToLive(View object) {
        return deletion.timeToLive.apply(object);
    }
}
