package io.navarch.apiserver.write;

import io.navarch.apiserver.admission.AskedAdmission;
import io.navarch.apiserver.admission.ObjectType;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.ObjectWriter;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.FieldValidation;
import io.navarch.apiserver.request.RequestOptions;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Scale;
import io.navarch.model.ScaleSpec;
import io.navarch.model.ScaleStatus;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Operation;
import io.navarch.schema.admission.Verb;
import io.navarch.schema.ownership.FieldOwner;
import io.navarch.schema.ownership.FieldSet;
import io.navarch.schema.ownership.ManagedFields;
import io.navarch.schema.ownership.ScaleFields;
import io.navarch.schema.types.Schema;
import io.navarch.schema.walk.GoTypeErrors;
import io.navarch.schema.walk.RestoreErrors;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;

/// The scale subresource: the number of replicas of whatever has one, in a form of its own that can be read, replaced,
/// patched and applied.
public final class ScaleHandler implements ResourceHandler {
    static final String SUBRESOURCE = "scale";
    private static final ObjectType TYPE = new ObjectType("autoscaling", "v1", ScaleForm.KIND);

    private final CurrentObjects objects;
    private final WritePipeline pipeline;
    private final AskedAdmission asked;
    private final ObjectWriter writer;
    private final InstantSource clock;

    public ScaleHandler(
            CurrentObjects objects,
            WritePipeline pipeline,
            AskedAdmission asked,
            ObjectWriter writer,
            InstantSource clock) {
        this.objects = objects;
        this.pipeline = pipeline;
        this.asked = asked;
        this.writer = writer;
        this.clock = clock;
    }

    /// What a client makes of a Scale.
    private interface Change {
        Map<String, Object> apply(Map<String, Object> scale);
    }

    @Override
    public void serve(ResourceRequest request) throws IOException, InterruptedException {
        var info = request.info();
        if (info.is(Verb.GET)) {
            var stored = objects.require(request.endpoint(), info.namespace(), info.name());
            respond(request, stored);
        } else if (info.is(Verb.UPDATE)) {
            RequestOptions.check(request.call(), "UpdateOptions");
            var sent = BodyDecoder.scale(request);
            change(request, FieldOwner.UPDATE, false, scale -> sent);
        } else {
            patch(request);
        }
    }

    private void respond(ResourceRequest request, StoredObject stored) throws IOException {
        var form = ScaleForm.of(request.endpoint());
        writer.respond(request, 200, form.read(Write.seen(request, stored)), ScaleForm.COLUMNS);
    }

    private void patch(ResourceRequest request) throws IOException, InterruptedException {
        var type = PatchType.of(request);
        var bytes = BodyDecoder.read(request);
        RequestOptions.check(request.call(), "PatchOptions");
        var schema = schema(request);
        if (type != PatchType.APPLY) {
            var patch = Patch.read(type, bytes);
            change(request, FieldOwner.UPDATE, true, scale -> patched(request, patch, scale, schema));
            return;
        }
        var form = new AppliedConfiguration.Form(ScaleFields.API_VERSION, ScaleForm.KIND, schema);
        var sent = AppliedConfiguration.read(request, bytes, form).tree();
        boolean force = request.call().flag("force");
        var manager = FieldOwners.of(request, FieldOwner.APPLY, ScaleFields.API_VERSION);
        change(
                request,
                FieldOwner.APPLY,
                true,
                scale -> fields(schema).apply(View.of(scale), sent, manager, force, clock.instant()));
    }

    private static Map<String, Object> patched(
            ResourceRequest request, Patch patch, Map<String, Object> scale, Schema schema) {
        var after = patch.applyTo(scale, schema);
        boolean strategic = patch.type() == PatchType.STRATEGIC;
        var text = strategic ? GoText.of(patch.tree()) : Json.writeString(after);
        FieldValidation.TypeCheck types = strategic ? RestoreErrors::find : GoTypeErrors::find;
        BodyDecoder.checkScale(request, after, patch.duplicates(), types, why -> Patch.refused(text, why));
        return after;
    }

    private void change(ResourceRequest request, String operation, boolean repeatable, Change change)
            throws IOException, InterruptedException {
        var stored = RetryOnConflict.run(repeatable, () -> attempt(request, operation, change));
        respond(request, stored);
    }

    private StoredObject attempt(ResourceRequest request, String operation, Change change) throws InterruptedException {
        var info = request.info();
        var form = ScaleForm.of(request.endpoint());
        var current = objects.require(request.endpoint(), info.namespace(), info.name());
        var seen = Write.seen(request, current);
        var managed = seen.metadata().get(ObjectMeta.MANAGED_FIELDS);
        var scale = form.read(seen);
        Trees.put(scale, form.fields().ofScale(managed), AnyObject.METADATA, ObjectMeta.MANAGED_FIELDS);
        var before = View.of(Trees.copy(scale));
        var wanted = change.apply(scale);
        form.check(request, current, View.of(wanted));
        if (operation.equals(FieldOwner.UPDATE)) {
            var manager = FieldOwners.of(request, operation, ScaleFields.API_VERSION);
            fields(schema(request)).track(wanted, before, manager, true, clock.instant());
        }
        wanted = reviewed(request, current, wanted, before);
        form.check(request, current, View.of(wanted));
        var object = Trees.copy(seen.map());
        form.write(object, View.of(wanted));
        var entries = form.fields().ofObject(managed, View.of(wanted).metadata().get(ObjectMeta.MANAGED_FIELDS));
        Trees.put(object, entries.isEmpty() ? null : entries, AnyObject.METADATA, ObjectMeta.MANAGED_FIELDS);
        var manager = FieldOwners.of(request, operation);
        return pipeline.run(
                Write.update(request, current, seen, Part.MAIN, manager).owned().stored(), object);
    }

    /// The Scale after others have seen it, who know nothing of the object that it is of.
    private Map<String, Object> reviewed(
            ResourceRequest request, StoredObject current, Map<String, Object> wanted, View before) {
        var call = asked.ofSubresource(request, Operation.UPDATE, TYPE, current.name());
        var admitted = asked.mutate(call, wanted, before, changed -> changed);
        asked.validate(call, View.of(admitted), before);
        return admitted;
    }

    /// A Scale has the metadata of every object; its two numbers are always there.
    private static Schema schema(ResourceRequest request) {
        var number = Schema.of(Schema.Type.INTEGER);
        return Schema.object(Map.of(
                Scale.API_VERSION, Schema.string(""),
                Scale.KIND, Schema.string(""),
                Scale.METADATA, request.endpoint().version().schema().property(Scale.METADATA),
                Scale.SPEC, Schema.object(Map.of(ScaleSpec.REPLICAS, number)),
                Scale.STATUS,
                        Schema.object(Map.of(ScaleStatus.REPLICAS, number, ScaleStatus.SELECTOR, Schema.string("")))));
    }

    private static ManagedFields fields(Schema schema) {
        var versions = ManagedFields.Versions.single(ScaleFields.API_VERSION, schema, true);
        return new ManagedFields(versions, ScaleFields.API_VERSION, FieldSet.of(Scale.STATUS));
    }
}
