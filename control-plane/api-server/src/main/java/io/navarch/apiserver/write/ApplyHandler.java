package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.ObjectWriter;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.request.FieldValidation;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.ownership.FieldOwner;
import io.navarch.schema.walk.Defaulting;
import io.navarch.schema.walk.RestoreErrors;
import java.io.IOException;
import java.time.InstantSource;

/// Server-side apply: merges a configuration by who owns which field, or makes the object from it.
public final class ApplyHandler {
    private final CurrentObjects objects;
    private final WritePipeline pipeline;
    private final Ownership ownership;
    private final ObjectWriter writer;
    private final InstantSource clock;

    public ApplyHandler(
            CurrentObjects objects,
            WritePipeline pipeline,
            Ownership ownership,
            ObjectWriter writer,
            InstantSource clock) {
        this.objects = objects;
        this.pipeline = pipeline;
        this.ownership = ownership;
        this.writer = writer;
        this.clock = clock;
    }

    void serve(ResourceRequest request, byte[] bytes) throws IOException, InterruptedException {
        var sent = AppliedConfiguration.read(request, bytes, AppliedConfiguration.Form.of(request.endpoint()));
        boolean versioned = !View.of(sent.tree()).resourceVersion().isEmpty();
        // The object may also have been made meanwhile by somebody else.
        RetryOnConflict.run(
                        e -> !versioned
                                && (e instanceof StaleObjectException
                                        || e.reason() == ApiException.Reason.ALREADY_EXISTS),
                        () -> attempt(request, sent))
                .respond(request, writer);
    }

    private Written attempt(ResourceRequest request, AppliedConfiguration sent) throws InterruptedException {
        var info = request.info();
        var manager = FieldOwners.of(request, FieldOwner.APPLY);
        var current = objects.find(request.endpoint(), info.namespace(), info.name());
        return current.isPresent()
                ? Written.updated(merge(request, current.get(), sent, manager))
                : Written.created(create(request, sent, manager));
    }

    private StoredObject merge(
            ResourceRequest request, StoredObject current, AppliedConfiguration sent, FieldOwner manager) {
        var endpoint = request.endpoint();
        var part = Part.of(request);
        var merged = ownership
                .of(endpoint, request.info().subresource())
                .apply(
                        View.of(endpoint.tree(current)),
                        sent.tree(),
                        manager,
                        request.call().flag("force"),
                        clock.instant());
        Preconditions.requireVersion(request, View.of(merged), current);
        FieldValidation.applyMerged(request, merged, RestoreErrors::find, sent::unconvertible);
        if (!endpoint.kind().custom())
            Defaulting.dropNulls(merged, endpoint.version().schema());
        return pipeline.run(Write.update(request, current, part, manager).owned(), merged);
    }

    private StoredObject create(ResourceRequest request, AppliedConfiguration sent, FieldOwner manager) {
        var endpoint = request.endpoint();
        var kind = endpoint.kind();
        var name = request.info().name();
        if (Part.of(request) != Part.MAIN) throw endpoint.notFound(name);
        var uid = View.of(sent.tree()).uid();
        if (!uid.isEmpty()) {
            throw ApiException.conflict(
                    kind.plural(),
                    kind.group(),
                    name,
                    "uid mismatch: the provided object specified uid " + uid + ", and no existing object was found");
        }
        var made = ownership.of(endpoint, "").apply(View.ABSENT, sent.tree(), manager, false, clock.instant());
        Trees.remove(made, AnyObject.METADATA, ObjectMeta.RESOURCE_VERSION);
        FieldValidation.applyMerged(request, made, RestoreErrors::find, sent::unconvertible);
        return pipeline.createOwned(request, made, manager);
    }
}
