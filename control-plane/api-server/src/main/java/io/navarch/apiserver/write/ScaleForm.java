package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Scale;
import io.navarch.model.ScaleSpec;
import io.navarch.model.ScaleStatus;
import io.navarch.objects.ApiException;
import io.navarch.objects.Durations;
import io.navarch.objects.FieldError;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.Column;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.ownership.ScaleFields;
import java.util.List;
import java.util.Map;

/// Where a kind keeps the parts of its Scale.
///
/// @param fields translates the ownership of the number of replicas
record ScaleForm(KindDefinition.Scale paths, ScaleFields fields) {
    static final String KIND = "Scale";

    /// What a Table tells of a Scale.
    static final List<Column> COLUMNS = List.of(
            new Column("Name", "string", 0, ColumnList.NAME, (scale, now) -> scale.name()),
            new Column("Desired", "integer", 0, "How many pods are wanted.", (scale, now) ->
                    (long) Scale.of(scale).spec().replicas()),
            new Column("Available", "integer", 0, "How many pods there are.", (scale, now) ->
                    (long) Scale.of(scale).status().replicas()),
            new Column(
                    "Age",
                    "string",
                    0,
                    ColumnList.AGE,
                    (scale, now) -> Durations.since(
                            scale.metadata().get(ObjectMeta.CREATION_TIMESTAMP).string(), now)));

    static ScaleForm of(Endpoint endpoint) {
        var paths = endpoint.kind().scale().orElseThrow();
        return new ScaleForm(
                paths, new ScaleFields(String.join(".", names(paths.specReplicas())), endpoint.apiVersion()));
    }

    private static String[] names(String dotted) {
        return dotted.replaceAll("^\\.", "").split("\\.");
    }

    private static View at(View object, String dotted) {
        var here = object;
        for (var name : names(dotted)) here = here.get(name);
        return here;
    }

    /// The Scale of an object.
    Map<String, Object> read(View object) {
        var selector = selector(object);
        return Trees.map(
                Scale.KIND,
                KIND,
                Scale.API_VERSION,
                ScaleFields.API_VERSION,
                Scale.METADATA,
                metadata(object),
                Scale.SPEC,
                Trees.map(ScaleSpec.REPLICAS, at(object, paths.specReplicas()).longOr(0)),
                Scale.STATUS,
                Trees.map(
                        ScaleStatus.REPLICAS,
                        at(object, paths.statusReplicas()).longOr(0),
                        ScaleStatus.SELECTOR,
                        selector.isEmpty() ? null : selector));
    }

    private static Map<String, Object> metadata(View object) {
        return Trees.map(
                ObjectMeta.NAME,
                object.name(),
                ObjectMeta.NAMESPACE,
                object.namespace(),
                ObjectMeta.UID,
                object.uid(),
                ObjectMeta.RESOURCE_VERSION,
                object.resourceVersion(),
                ObjectMeta.CREATION_TIMESTAMP,
                object.metadata().get(ObjectMeta.CREATION_TIMESTAMP).value());
    }

    private String selector(View object) {
        if (paths.selector().isEmpty()) return "";
        var selector = at(object, paths.selector());
        if (!selector.isMap()) return selector.string();
        // That of a replication controller is a plain map.
        boolean labels = selector.map().values().stream().allMatch(String.class::isInstance);
        return (labels ? LabelSelector.ofLabels(selector.stringMap()) : LabelSelector.ofObject(selector)).toString();
    }

    /// Writes the number of replicas of a Scale into the object.
    void write(Map<String, Object> object, View scale) {
        Trees.put(object, scale.spec().get(ScaleSpec.REPLICAS).longOr(0), names(paths.specReplicas()));
    }

    /// Refuses a Scale that is not one for this object.
    void check(ResourceRequest request, StoredObject current, View wanted) {
        if (!wanted.name().isEmpty() && !wanted.name().equals(current.name()))
            throw Preconditions.wrongName(wanted.name(), current.name());
        var version = wanted.resourceVersion();
        if (!version.isEmpty() && !version.equals(String.valueOf(current.revision())))
            throw StaleObjectException.conflict(request.endpoint().kind(), current.name());
        Preconditions.requireUid(request, wanted, current);
        checkReplicas(wanted.spec().get(ScaleSpec.REPLICAS), current.name());
    }

    private static void checkReplicas(View replicas, String name) {
        if (replicas.longOr(0) < 0) {
            throw ApiException.invalid(
                    "autoscaling",
                    KIND,
                    name,
                    List.of(FieldError.invalid(
                            "spec.replicas", replicas.longOr(0), "must be greater than or equal to 0")));
        }
    }
}
