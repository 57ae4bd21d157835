package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.ObjectWriter;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.FieldValidation;
import io.navarch.apiserver.request.RequestOptions;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.AnyObject;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.schema.ownership.FieldOwner;
import java.io.IOException;
import java.util.Map;

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

    @Override
    public void serve(ResourceRequest request) throws IOException, InterruptedException {
        var type = PatchType.of(request);
        var bytes = BodyDecoder.read(request.call());
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
        var before = endpoint.fromStorage(current.tree());
        var after = patch.applyTo(before, endpoint.version().schema());
        var view = View.of(after);
        Preconditions.checkName(request, view);
        Preconditions.requireVersion(request, view, current);
        boolean pinned = !view.resourceVersion().equals(String.valueOf(current.revision()));
        type(request, after, patch.type() == PatchType.STRATEGIC);
        FieldValidation.apply(request, after, patch.duplicates(), text -> Patch.refused(Json.writeString(after), text));
        try {
            var manager = FieldOwners.of(request, FieldOwner.UPDATE);
            return pipeline.run(Write.update(request, current, Part.of(request), manager), after);
        } catch (StaleObjectException e) {
            // A patch that changes the version means to be applied once.
            throw pinned ? StaleObjectException.conflict(endpoint.kind(), current.name()) : e;
        }
    }

    /// A patch may leave kind and version out.
    ///
    /// @param fixed whether the patch cannot change them
    private static void type(ResourceRequest request, Map<String, Object> after, boolean fixed) {
        var endpoint = request.endpoint();
        var kind = View.of(after).get(AnyObject.KIND).string();
        var version = View.of(after).get(AnyObject.API_VERSION).string();
        boolean other = !kind.isEmpty() && !kind.equals(endpoint.kind().kind())
                || !version.isEmpty() && !version.equals(endpoint.apiVersion());
        if (other && !fixed) {
            throw Patch.refused(
                    Json.writeString(after),
                    kind + " in version \"" + version + "\" cannot be handled as a "
                            + endpoint.kind().kind());
        }
        BodyDecoder.stamp(request, after);
    }
}
