package io.navarch.apiserver.custom;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Resources;
import io.navarch.objects.Durations;
import io.navarch.objects.Names;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.types.CustomSchema;
import io.navarch.schema.types.Schema;
import io.navarch.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows CustomResourceDefinitions and serves what they define, by the same pipeline as everything else.
public final class CustomResources {
    private static final Logger LOG = LoggerFactory.getLogger(CustomResources.class);
    private static final String GROUP = "apiextensions.k8s.io";
    private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private final Resources resources;
    private final Schema metadata;
    private final InstantSource clock;
    private final Map<String, KindDefinition> served = new HashMap<>();

    /// @param metadata the schema of `ObjectMeta`
    public CustomResources(Resources resources, Schema metadata, InstantSource clock) {
        this.resources = resources;
        this.metadata = metadata;
        this.clock = clock;
    }

    public void start(TaskScope scope) {
        var kind = resources.kind(GROUP, "customresourcedefinitions");
        if (kind == null) return;
        var cache = resources.storage().cache(kind);
        ObjectCache.Cursor cursor;
        synchronized (cache) {
            for (var stored : cache.all()) reconcile(stored);
            cursor = cache.cursor(cache.revision());
        }
        scope.start("custom-resources", () -> {
            while (true) {
                var batch = cursor.poll(60_000);
                if (batch == null) return;
                for (var change : batch.changes()) {
                    try {
                        if (change.object() == null) forget(change.previous().name());
                        else reconcile(change.object());
                    } catch (RuntimeException e) {
                        LOG.warn(
                                "{}: {}",
                                change.object() == null
                                        ? change.previous().name()
                                        : change.object().name(),
                                e.toString());
                    }
                }
            }
        });
    }

    private void forget(String name) {
        var kind = served.remove(name);
        if (kind != null) resources.remove(kind);
    }

    private void reconcile(StoredObject stored) {
        var definition = stored.view();
        if (definition.deleting()) {
            if (definition.metadata().get("finalizers").strings().contains(CLEANUP)) cleanUp(stored);
            return;
        }
        var kind = define(definition, metadata);
        var known = served.put(stored.name(), kind);
        if (known != null) {
            if (known.storage().name().equals(kind.storage().name()))
                resources.storage().redefine(kind);
            else resources.storage().drop(known);
        }
        resources.add(kind);
        establish(stored);
    }

    /// Nothing of a kind outlives its definition.
    private void cleanUp(StoredObject stored) {
        var kind = served.get(stored.name());
        if (kind != null) {
            var store = resources.storage().store();
            for (var entry : store.range(kind.storagePrefix(), Store.prefixEnd(kind.storagePrefix()), 0, 0)
                    .entries()) {
                store.delete(entry.key(), Store.ANY);
            }
        }
        var tree = stored.tree();
        Trees.childList(Trees.child(tree, "metadata"), "finalizers").remove(CLEANUP);
        if (View.of(tree).metadata().get("finalizers").list().isEmpty()) {
            resources.storage().store().delete(stored.key(), stored.revision());
        } else {
            resources.storage().store().put(stored.key(), StoredObject.encode(tree), stored.revision(), Duration.ZERO);
        }
    }

    /// Writes what clients wait for: the accepted names and the condition `Established`.
    private void establish(StoredObject stored) {
        var definition = stored.view();
        if (definition.condition("Established").equals("True")
                && Trees.semanticEquals(
                        definition.status().get("acceptedNames").value(),
                        definition.spec().get("names").value())) return;
        var tree = stored.tree();
        var now = Timestamps.seconds(clock.instant());
        tree.put(
                "status",
                Trees.map(
                        "conditions",
                                List.of(
                                        Trees.map(
                                                "type",
                                                "NamesAccepted",
                                                "status",
                                                "True",
                                                "lastTransitionTime",
                                                now,
                                                "reason",
                                                "NoConflicts",
                                                "message",
                                                "no conflicts found"),
                                        Trees.map(
                                                "type",
                                                "Established",
                                                "status",
                                                "True",
                                                "lastTransitionTime",
                                                now,
                                                "reason",
                                                "InitialNamesAccepted",
                                                "message",
                                                "the initial names have been accepted")),
                        "acceptedNames",
                                Trees.copy(definition.spec().get("names").value()),
                        "storedVersions",
                                definition.status().get("storedVersions").list()));
        var finalizers = Trees.childList(Trees.child(tree, "metadata"), "finalizers");
        if (!finalizers.contains(CLEANUP)) finalizers.add(CLEANUP);
        resources.storage().store().put(stored.key(), StoredObject.encode(tree), stored.revision(), Duration.ZERO);
    }

    /// The definition that a CustomResourceDefinition describes.
    static KindDefinition define(View definition, Schema metadata) {
        var spec = definition.spec();
        var names = spec.get("names");
        var group = spec.get("group").string();
        var kind = KindDefinition.of(
                        group, names.get("kind").string(), names.get("plural").string())
                .names(names.get("singular").string(), names.get("listKind").string())
                .shortNames(names.get("shortNames").strings().toArray(String[]::new))
                .categories(names.get("categories").strings().toArray(String[]::new))
                .storedUnder("/registry/" + group + "/" + names.get("plural").string() + "/")
                .named(Names::dnsSubdomain)
                .withGeneration()
                .asCustom();
        if (spec.get("scope").string().equals("Cluster")) kind.clusterScoped();
        var versions = new ArrayList<>(spec.get("versions").views());
        versions.sort((a, b) ->
                Boolean.compare(b.get("storage").bool(), a.get("storage").bool()));
        for (var version : versions) {
            var name = version.get("name").string();
            kind.version(new KindDefinition.Version(
                    name,
                    CustomSchema.ofObjects(version.get("schema", "openAPIV3Schema"), metadata),
                    version.get("served").bool(),
                    version.get("deprecated").bool()
                            ? version.get("deprecationWarning")
                                    .stringOr(group + "/" + name + " "
                                            + names.get("kind").string() + " is deprecated")
                            : "",
                    object -> versioned(
                            object, group, versions.getFirst().get("name").string()),
                    object -> versioned(object, group, name),
                    columns(version.get("additionalPrinterColumns"))));
            var subresources = version.get("subresources");
            if (subresources.get("status").exists()) kind.withStatus();
            var scale = subresources.get("scale");
            if (scale.exists()) {
                kind.withScale(new KindDefinition.Scale(
                        scale.get("specReplicasPath").string().substring(1),
                        scale.get("statusReplicasPath").string().substring(1),
                        scale.get("labelSelectorPath").string().isEmpty()
                                ? null
                                : scale.get("labelSelectorPath").string().substring(1)));
            }
            for (var field : version.get("selectableFields").views()) {
                var path = field.get("jsonPath").string().substring(1);
                kind.field(
                        path,
                        object -> JsonPath.read(object, "." + path).stream()
                                .map(String::valueOf)
                                .findFirst()
                                .orElse(""));
            }
        }
        return kind;
    }

    private static Map<String, Object> versioned(Map<String, Object> object, String group, String version) {
        object.put("apiVersion", group + "/" + version);
        return object;
    }

    private static List<KindDefinition.Column> columns(View declared) {
        var columns = new ArrayList<KindDefinition.Column>();
        columns.add(new KindDefinition.Column(
                "Name", "name", 0, "Name must be unique within a namespace.", (object, now) -> object.name()));
        for (var column : declared.views()) {
            var type = column.get("type").string();
            var path = column.get("jsonPath").string();
            columns.add(new KindDefinition.Column(
                    column.get("name").string(),
                    type,
                    column.get("priority").intOr(0),
                    column.get("description").string(),
                    (object, now) -> cell(object, path, type, now)));
        }
        if (declared.list().isEmpty()) {
            columns.add(new KindDefinition.Column(
                    "Age",
                    "date",
                    0,
                    "CreationTimestamp is the time of creation.",
                    (object, now) -> cell(object, ".metadata.creationTimestamp", "date", now)));
        }
        return columns;
    }

    private static Object cell(View object, String path, String type, java.time.Instant now) {
        var found = JsonPath.read(object, path);
        if (found.isEmpty()) return null;
        var value = found.getFirst();
        if (type.equals("date")) {
            var then = Timestamps.parse(String.valueOf(value));
            return then == null ? "<unknown>" : Durations.human(Duration.between(then, now));
        }
        if (type.equals("string"))
            return found.size() == 1 && !(value instanceof Map) && !(value instanceof List)
                    ? String.valueOf(value)
                    : io.navarch.objects.Json.writeString(found.size() == 1 ? value : found);
        return value;
    }
}
