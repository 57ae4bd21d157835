package io.navarch.schema;

import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import io.navarch.schema.walk.Defaulting;
import io.navarch.schema.walk.StructuralValidation;
import io.navarch.schema.walk.TypedValidation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Everything the server knows of a kind, built-in or custom. The request pipeline reads this and nothing else.
public final class KindDefinition {
    /// One served version. The functions turn an object of this version into one of the stored version and back;
    /// they are given and return whole objects and may change their argument.
    public record Version(
            String name,
            Schema schema,
            boolean served,
            String deprecation,
            Function<Map<String, Object>, Map<String, Object>> toStorage,
            Function<Map<String, Object>, Map<String, Object>> fromStorage,
            List<Column> columns) {}

    /// A column of the Table form. `priority` above 0 shows with `-o wide` only.
    public record Column(String name, String type, int priority, String description, Cell cell) {}

    /// The value of a column for an object; ages depend on the time.
    public interface Cell {
        Object of(View object, Instant now);
    }

    /// Paths of the scale subresource inside the object, without the leading dot.
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

    private static final Rules NO_RULES = (object, old) -> List.of();

    private final String group;
    private final String kind;
    private final String plural;
    private final List<Version> versions = new ArrayList<>();
    private String singular;
    private String listKind;
    private List<String> shortNames = List.of();
    private List<String> categories = List.of();
    private boolean namespaced = true;
    private boolean listable = true;
    private boolean status;
    private boolean computed;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private boolean generation;
    private boolean custom;
    private boolean createOnUpdate;
    private boolean conditional;
    private @Nullable Scale scale;
    private String storagePrefix;
    private Function<String, List<String>> nameRule = Names::dnsSubdomain;
    private @Nullable Function<View, Long> gracePeriod;
    private Predicate<View> held = object -> false;
    private Consumer<Map<String, Object>> marking = object -> {};
    private Function<View, Duration> timeToLive = object -> Duration.ZERO;
    private Consumer<Map<String, Object>> normalise = object -> {};
    private Consumer<Map<String, Object>> defaults = object -> {};
    private BiConsumer<Map<String, Object>, View> prepare = (object, old) -> {};
    private Rules rules = NO_RULES;
    private Rules statusRules = NO_RULES;
    private List<String> verbs =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private Function<Map<String, Object>, List<String>> oldForm = object -> List.of();
    private final Map<String, Function<View, String>> fields = new LinkedHashMap<>();
    private final List<Connect> connects = new ArrayList<>();

    private KindDefinition(String group, String kind, String plural) {
        this.group = group;
        this.kind = kind;
        this.plural = plural;
        this.singular = kind.toLowerCase(Locale.ROOT);
        this.listKind = kind + "List";
        this.storagePrefix = "/registry/" + plural + "/";
    }

    public static KindDefinition of(String group, String kind, String plural) {
        return new KindDefinition(group, kind, plural);
    }

    // Declaring.

    public KindDefinition version(String name, Schema schema, Column... columns) {
        versions.add(new Version(name, schema, true, "", same -> same, same -> same, List.of(columns)));
        return this;
    }

    /// A version whose every use is answered with a warning.
    public KindDefinition deprecatedVersion(String name, Schema schema, String warning, Column... columns) {
        versions.add(new Version(name, schema, true, warning, same -> same, same -> same, List.of(columns)));
        return this;
    }

    public KindDefinition version(Version version) {
        versions.add(version);
        return this;
    }

    public KindDefinition shortNames(String... names) {
        shortNames = List.of(names);
        return this;
    }

    public KindDefinition categories(String... names) {
        categories = List.of(names);
        return this;
    }

    public KindDefinition names(String singularName, String listKindName) {
        singular = singularName;
        listKind = listKindName;
        return this;
    }

    public KindDefinition clusterScoped() {
        namespaced = false;
        return this;
    }

    /// Only `create` works: access reviews and the like.
    public KindDefinition createOnly() {
        listable = false;
        return this;
    }

    /// Nothing is stored: every answer is made anew by the server.
    public KindDefinition asComputed() {
        computed = true;
        return this;
    }

    public KindDefinition withPart(
            String name, BiFunction<Map<String, Object>, View, Map<String, Object>> merge, Rules check) {
        parts.put(name, new Part(name, merge, check));
        return this;
    }

    public KindDefinition withStatus() {
        status = true;
        return this;
    }

    /// `metadata.generation` counts changes of anything outside metadata and status.
    public KindDefinition withGeneration() {
        generation = true;
        return this;
    }

    public KindDefinition asCustom() {
        custom = true;
        return this;
    }

    /// A PUT of an object that is not there creates it (leases, events, endpoints, RBAC and others).
    public KindDefinition createsOnUpdate() {
        createOnUpdate = true;
        return this;
    }

    /// A PUT must name the version that it replaces.
    public KindDefinition updatedConditionally() {
        conditional = true;
        return this;
    }

    public KindDefinition withScale(Scale paths) {
        scale = paths;
        return this;
    }

    public KindDefinition storedUnder(String prefix) {
        storagePrefix = prefix;
        return this;
    }

    public KindDefinition named(Function<String, List<String>> rule) {
        nameRule = rule;
        return this;
    }

    /// Deletion is graceful; the function tells the default seconds of an object.
    public KindDefinition gracefulDeletion(Function<View, Long> seconds) {
        gracePeriod = seconds;
        return this;
    }

    /// A deleted object stays as long as this holds, as if it had a finalizer.
    ///
    /// @param onDeletion what is noted in the object when its deletion begins
    public KindDefinition heldWhile(Predicate<View> condition, Consumer<Map<String, Object>> onDeletion) {
        held = condition;
        marking = onDeletion;
        return this;
    }

    public KindDefinition expiresAfter(Function<View, Duration> ttl) {
        timeToLive = ttl;
        return this;
    }

    /// Runs before anything is checked: accepts shapes that are written differently from how they are typed.
    public KindDefinition normalisedBy(Consumer<Map<String, Object>> step) {
        normalise = step;
        return this;
    }

    public KindDefinition defaultedBy(Consumer<Map<String, Object>> step) {
        defaults = step;
        return this;
    }

    /// Sets the fields the server owns; the second argument is the old object, absent on create.
    public KindDefinition preparedBy(BiConsumer<Map<String, Object>, View> step) {
        prepare = step;
        return this;
    }

    public KindDefinition ruledBy(Rules check) {
        rules = check;
        return this;
    }

    /// What holds for the status, checked when it is written through its own endpoint.
    public KindDefinition statusRuledBy(Rules check) {
        statusRules = check;
        return this;
    }

    /// Rewrites a form of older texts as it is read, before any type is looked at, and returns warnings about it.
    public KindDefinition readingOldForm(Function<Map<String, Object>, List<String>> step) {
        oldForm = step;
        return this;
    }

    public KindDefinition field(String path, Function<View, String> reader) {
        fields.put(path, reader);
        return this;
    }

    /// A field selector whose label is the path of the field.
    public KindDefinition fieldAt(String... paths) {
        for (var path : paths) fields.put(path, object -> object.path(path).text());
        return this;
    }

    /// Which verbs the resource itself has; all of them unless said.
    public KindDefinition verbs(String... names) {
        verbs = List.of(names);
        return this;
    }

    public KindDefinition connect(
            String name, String connectKind, String connectGroup, String version, String... verbs) {
        connects.add(new Connect(name, connectKind, connectGroup, version, List.of(verbs)));
        return this;
    }

    // Reading.

    public String group() {
        return group;
    }

    public String kind() {
        return kind;
    }

    public String listKind() {
        return listKind;
    }

    public String plural() {
        return plural;
    }

    public String singular() {
        return singular;
    }

    public List<String> shortNames() {
        return shortNames;
    }

    public List<String> categories() {
        return categories;
    }

    public boolean namespaced() {
        return namespaced;
    }

    public boolean listable() {
        return listable;
    }

    public boolean computed() {
        return computed;
    }

    public Map<String, Part> parts() {
        return parts;
    }

    public boolean hasStatus() {
        return status;
    }

    public boolean hasGeneration() {
        return generation;
    }

    public boolean custom() {
        return custom;
    }

    public boolean createOnUpdate() {
        return createOnUpdate;
    }

    public boolean conditional() {
        return conditional || custom;
    }

    public @Nullable Scale scale() {
        return scale;
    }

    public String storagePrefix() {
        return storagePrefix;
    }

    public List<String> nameErrors(String name) {
        return nameRule.apply(name);
    }

    /// `null` when deletion is not graceful.
    public @Nullable Function<View, Long> gracePeriod() {
        return gracePeriod;
    }

    /// Whether something keeps a deleted object from going.
    public boolean held(View object) {
        return !object.metadata().get("finalizers").list().isEmpty() || held.test(object);
    }

    public void markDeletion(Map<String, Object> object) {
        marking.accept(object);
    }

    public Duration timeToLive(View object) {
        return timeToLive.apply(object);
    }

    public void normalise(Map<String, Object> object) {
        normalise.accept(object);
    }

    /// Completes an object of the stored version: no `null`s, the schema's defaults, then the kind's own.
    public void applyDefaults(Map<String, Object> object) {
        Defaulting.dropNulls(object, storage().schema());
        Defaulting.apply(object, storage().schema());
        defaults.accept(object);
    }

    public void prepare(Map<String, Object> object, View old) {
        prepare.accept(object, old);
    }

    /// Everything that is wrong with an object of the stored version, apart from its metadata.
    public List<FieldError> check(View object, View old) {
        return check(object, old, rules);
    }

    /// As [#check(View, View)], for an object that came in through another group that shares this kind's objects: that
    /// group may have rules of its own.
    public List<FieldError> checkFor(KindDefinition asked, View object, View old) {
        return check(object, old, asked.rules == NO_RULES ? rules : asked.rules);
    }

    private List<FieldError> check(View object, View old, Rules rules) {
        var errors = new ArrayList<FieldError>();
        if (custom) StructuralValidation.validate(object.value(), storage().schema(), "", errors);
        else TypedValidation.check(object, old, storage().schema(), "status", errors);
        errors.addAll(rules.check(object, old));
        return errors;
    }

    /// What is wrong after a write through the status subresource.
    public List<FieldError> checkStatus(View object, View old) {
        var errors = new ArrayList<FieldError>();
        if (custom) {
            StructuralValidation.validate(object.value(), storage().schema(), "", errors);
            return errors;
        }
        var part = storage().schema().property("status");
        if (part.exists()) TypedValidation.checkPart(object.status(), old.status(), part, "status", errors);
        errors.addAll(statusRules.check(object, old));
        return errors;
    }

    /// The verbs of the resource itself, in the order of the alphabet.
    public List<String> verbs() {
        return listable ? verbs : List.of("create");
    }

    public List<String> readOldForm(Map<String, Object> object) {
        return oldForm.apply(object);
    }

    public Map<String, Function<View, String>> fields() {
        return fields;
    }

    public List<Connect> connects() {
        return connects;
    }

    public List<Version> versions() {
        return versions;
    }

    /// The version objects are stored in: the first declared.
    public Version storage() {
        return versions.getFirst();
    }

    public Optional<Version> version(String name) {
        return versions.stream()
                .filter(version -> version.name().equals(name) && version.served())
                .findFirst();
    }

    public String apiVersion(String version) {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
