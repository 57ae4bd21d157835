package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.ReadHandler;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.apiserver.request.RequestOptions;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.GoText;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.ownership.FieldSet;
import io.navarch.schema.ownership.ManagedFields;
import io.navarch.schema.ownership.Manager;
import io.navarch.schema.ownership.ScaleFields;
import io.navarch.schema.types.Schema;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// The scale subresource: the number of replicas of whatever has one, in a form of its own that can be read, replaced,
/// patched and applied.
public final class ScaleHandler {
    private static final int ATTEMPTS = 10;

    private final ReadHandler reads;
    private final WritePipeline writes;
    private final InstantSource clock;

    public ScaleHandler(ReadHandler reads, WritePipeline writes, InstantSource clock) {
        this.reads = reads;
        this.writes = writes;
        this.clock = clock;
    }

    private static String[] path(String dotted) {
        return dotted.replaceAll("^\\.", "").split("\\.");
    }

    private static View at(View object, String dotted) {
        var here = object;
        for (var name : path(dotted)) here = here.get(name);
        return here;
    }

    private static Map<String, Object> scaleOf(StoredObject stored, KindDefinition kind) {
        var object = stored.view();
        var paths = kind.scale();
        var selector = paths.selector() == null ? View.of(null) : at(object, paths.selector());
        var text = selector.isMap() ? LabelSelector.ofObject(selector).toString() : selector.string();
        return Trees.map(
                "kind", "Scale",
                "apiVersion", ScaleFields.API_VERSION,
                "metadata",
                        Trees.map(
                                "name", object.name(),
                                "namespace", object.namespace(),
                                "uid", object.uid(),
                                "resourceVersion", object.resourceVersion(),
                                "creationTimestamp",
                                        object.metadata()
                                                .get("creationTimestamp")
                                                .value()),
                "spec", Trees.map("replicas", at(object, paths.specReplicas()).longOr(0)),
                "status",
                        Trees.map(
                                "replicas",
                                at(object, paths.statusReplicas()).longOr(0),
                                "selector",
                                text.isEmpty() ? null : text));
    }

    public void serve(RequestContext context) throws IOException, InterruptedException {
        var kind = context.endpoint.kind();
        switch (context.info.verb()) {
            case "get" -> context.respond(200, scaleOf(reads.require(context, context.info.name()), kind));
            case "update" -> {
                RequestOptions.check(context, "UpdateOptions");
                var sent = BodyDecoder.plain(context);
                change(context, false, scale -> sent);
            }
            default -> patch(context);
        }
    }

    private void patch(RequestContext context) throws IOException, InterruptedException {
        var type = WriteHandlers.patchType(context);
        var bytes = BodyDecoder.read(context);
        RequestOptions.check(context, "PatchOptions");
        var form = new WriteHandlers.Form(ScaleFields.API_VERSION, "Scale", schema(context));
        if (type.equals(WriteHandlers.APPLY)) {
            var sent = WriteHandlers.applied(context, bytes, form);
            boolean force = context.call().flag("force");
            var manager = manager(context, "Apply");
            change(
                    context,
                    true,
                    scale -> fields(form.schema()).apply(View.of(scale), sent, manager, force, clock.instant()));
            return;
        }
        var patch = WriteHandlers.patchBody(bytes).tree();
        change(context, true, scale -> WriteHandlers.patched(type, scale, patch, form.schema()));
    }

    /// What the caller wants of a Scale.
    private interface Wanted {
        Map<String, Object> of(Map<String, Object> scale);
    }

    private void change(RequestContext context, boolean repeatable, Wanted change)
            throws IOException, InterruptedException {
        var kind = context.endpoint.kind();
        var translation =
                new ScaleFields(String.join(".", path(kind.scale().specReplicas())), context.endpoint.apiVersion());
        for (int attempt = 1; ; attempt++) {
            var current = reads.require(context, context.info.name());
            var managed = current.view().metadata().get("managedFields");
            var scale = scaleOf(current, kind);
            Trees.put(scale, translation.ofScale(managed), "metadata", "managedFields");
            var before = View.of(Trees.copy(scale));
            var wanted = change.of(scale);
            check(context, current, View.of(wanted));
            if (!applies(context))
                fields(schema(context)).track(wanted, before, manager(context, "Update"), true, clock.instant());
            var object = current.tree();
            Trees.put(
                    object,
                    View.of(wanted).spec().get("replicas").longOr(0),
                    path(kind.scale().specReplicas()));
            var entries =
                    translation.ofObject(managed, View.of(wanted).metadata().get("managedFields"));
            Trees.put(object, entries.isEmpty() ? null : entries, "metadata", "managedFields");
            try {
                var manager = WriteHandlers.manager(context, applies(context) ? "Apply" : "Update");
                var stored = writes.update(context, current, object, WritePipeline.Part.MAIN, manager, true);
                context.respond(200, scaleOf(stored, kind));
                return;
            } catch (ApiException e) {
                if (e.reason() != ApiException.Reason.CONFLICT || !repeatable || attempt == ATTEMPTS) throw e;
            }
        }
    }

    private static boolean applies(RequestContext context) {
        return context.info.verb().equals("patch")
                && WriteHandlers.patchType(context).equals(WriteHandlers.APPLY);
    }

    private static void check(RequestContext context, StoredObject current, View wanted) {
        if (!wanted.name().isEmpty() && !wanted.name().equals(current.name())) {
            throw ApiException.badRequest("the name of the object (" + wanted.name()
                    + ") does not match the name on the URL (" + current.name() + ")");
        }
        var version = wanted.resourceVersion();
        if (!version.isEmpty() && !version.equals(String.valueOf(current.revision())))
            throw WritePipeline.conflict(context.endpoint.kind(), current.name());
        WriteHandlers.requireUid(context, wanted, current);
        var replicas = wanted.spec().get("replicas");
        boolean number = !replicas.exists() || replicas.value() instanceof Long;
        if (!number) {
            throw ApiException.badRequest(
                    "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal "
                            + GoText.kind(replicas.value())
                            + " into Go struct field ScaleSpec.spec.replicas of type int32");
        }
        if (replicas.longOr(0) < 0) {
            throw ApiException.invalid(
                    "autoscaling",
                    "Scale",
                    current.name(),
                    List.of(FieldError.invalid(
                            "spec.replicas", replicas.longOr(0), "must be greater than or equal to 0")));
        }
    }

    private static Manager manager(RequestContext context, String operation) {
        var manager = WriteHandlers.manager(context, operation);
        return new Manager(manager.name(), operation, ScaleFields.API_VERSION, manager.subresource());
    }

    /// A Scale has the metadata of every object; its two numbers are always there.
    private static Schema schema(RequestContext context) {
        var number = Schema.of(Schema.Type.INTEGER);
        return Schema.object(Map.of(
                "apiVersion", Schema.string(""),
                "kind", Schema.string(""),
                "metadata", context.endpoint.version().schema().property("metadata"),
                "spec", Schema.object(Map.of("replicas", number)),
                "status", Schema.object(Map.of("replicas", number, "selector", Schema.string("")))));
    }

    private static ManagedFields fields(Schema schema) {
        var versions = ManagedFields.Versions.single(ScaleFields.API_VERSION, schema, true);
        return new ManagedFields(versions, ScaleFields.API_VERSION, FieldSet.of("status"));
    }
}
