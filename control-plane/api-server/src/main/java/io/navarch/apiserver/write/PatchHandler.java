package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.ObjectWriter;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.FieldValidation;
import io.navarch.apiserver.request.RequestOptions;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.request.SentType;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.schema.ownership.FieldOwner;
import io.navarch.schema.walk.RestoreErrors;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;

/// PATCH by a description of changes; configurations go on to [ApplyHandler].
public final class PatchHandler implements ResourceHandler {
    private final CurrentObjects objects;
    private final WritePipeline pipeline;
    private final ObjectWriter writer;
    private final ApplyHandler apply;

    public PatchHandler(CurrentObjects objects, WritePipeline pipeline, ObjectWriter writer, ApplyHandler apply) {
        this.objects = objects;
        this.pipeline = pipeline;
        this.writer = writer;
        this.apply = apply;
    }

    /// Refuses what is no kind of patch that the resource accepts.
    public static void check(ResourceRequest request) {
        PatchType.of(request);
    }

    @Override
    public void serve(ResourceRequest request) throws IOException, InterruptedException {
        var type = PatchType.of(request);
        var bytes = BodyDecoder.read(request);
        request.response().audited().ifPresent(record -> record.patched(bytes));
        RequestOptions.check(request.call(), "PatchOptions");
        if (type == PatchType.APPLY) {
            apply.serve(request, bytes);
            return;
        }
        require(request);
        var patch = Patch.read(type, bytes);
        var stored = RetryOnConflict.run(!patch.versioned(), () -> attempt(request, patch));
        writer.respond(request, 200, stored);
    }

    private StoredObject require(ResourceRequest request) throws InterruptedException {
        var info = request.info();
        return objects.require(request.endpoint(), info.namespace(), info.name());
    }

    private StoredObject attempt(ResourceRequest request, Patch patch) throws InterruptedException {
        var endpoint = request.endpoint();
        var current = require(request);
        var before = Write.seen(request, current).map();
        boolean seen = endpoint.kind().custom() || !endpoint.converts();
        var after = patched(request, patch, seen ? before : endpoint.tree(current));
        // Only a refusal tells the whole object.
        decode(request, patch, after, () -> Json.writeString(patched(request, patch, endpoint.tree(current))));
        var view = View.of(after);
        Preconditions.checkName(request, view);
        Preconditions.requireVersion(request, view, current);
        boolean pinned = !view.resourceVersion().equals(String.valueOf(current.revision()));
        try {
            var manager = FieldOwners.of(request, FieldOwner.UPDATE);
            return pipeline.run(Write.update(request, current, View.of(before), Part.of(request), manager), after);
        } catch (StaleObjectException e) {
            // A patch that changes the version means to be applied once.
            throw pinned ? StaleObjectException.conflict(endpoint.kind(), current.name()) : e;
        }
    }

    /// @param tree the object in the endpoint's version, which may be changed
    private static Map<String, Object> patched(ResourceRequest request, Patch patch, Map<String, Object> tree) {
        var endpoint = request.endpoint();
        return patch.applyTo(tree, endpoint.version().schema());
    }

    /// Checks that what the patch has made is still an object of the kind. A strategic patch cannot change what kind it
    /// is, and is refused in words of its own.
    private static void decode(ResourceRequest request, Patch patch, Map<String, Object> after, Supplier<String> text) {
        if (patch.type() == PatchType.STRATEGIC) {
            FieldValidation.apply(
                    request,
                    after,
                    patch.duplicates(),
                    RestoreErrors::find,
                    why -> Patch.refused(GoText.of(patch.tree()), why));
            BodyDecoder.stamp(request, after);
            return;
        }
        SentType.of(request, View.of(after)).error().ifPresent(why -> {
            throw Patch.refused(text.get(), why);
        });
        BodyDecoder.stamp(request, after);
        FieldValidation.apply(request, after, patch.duplicates(), why -> Patch.refused(text.get(), why));
    }
}
