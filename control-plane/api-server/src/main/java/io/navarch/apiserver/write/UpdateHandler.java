package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.ObjectWriter;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.RequestOptions;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.ownership.FieldOwner;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/// PUT: replaces an object, or makes it where the kind allows that.
public final class UpdateHandler implements ResourceHandler {
    private final CurrentObjects objects;
    private final WritePipeline pipeline;
    private final ObjectWriter writer;

    public UpdateHandler(CurrentObjects objects, WritePipeline pipeline, ObjectWriter writer) {
        this.objects = objects;
        this.pipeline = pipeline;
        this.writer = writer;
    }

    @Override
    public void serve(ResourceRequest request) throws IOException, InterruptedException {
        RequestOptions.check(request.call(), "UpdateOptions");
        var sent = BodyDecoder.object(request);
        var view = View.of(sent);
        Preconditions.checkName(request, view);
        OwnerDuplicates.takeOut(request, sent);
        boolean unconditional = Set.of("", "0").contains(view.resourceVersion());
        RetryOnConflict.run(unconditional, () -> attempt(request, sent, unconditional))
                .respond(request, writer);
    }

    private Written attempt(ResourceRequest request, Map<String, Object> sent, boolean unconditional)
            throws InterruptedException {
        var endpoint = request.endpoint();
        var info = request.info();
        var current = objects.find(endpoint, info.namespace(), info.name());
        if (current.isEmpty()) return create(request, sent);
        Preconditions.requireUid(request, View.of(sent), current.get());
        Preconditions.requireVersion(request, View.of(sent), current.get());
        return Written.updated(replace(request, current.get(), unconditional ? Trees.copy(sent) : sent));
    }

    private StoredObject replace(ResourceRequest request, StoredObject current, Map<String, Object> object) {
        var manager = FieldOwners.of(request, FieldOwner.UPDATE);
        return pipeline.run(Write.update(request, current, Part.of(request), manager), object);
    }

    private Written create(ResourceRequest request, Map<String, Object> sent) {
        boolean allowed = request.endpoint().kind().createOnUpdate() && Part.of(request) == Part.MAIN;
        if (!allowed) throw request.endpoint().notFound(request.info().name());
        Trees.remove(sent, AnyObject.METADATA, ObjectMeta.RESOURCE_VERSION);
        return Written.created(pipeline.create(request, sent, FieldOwners.of(request, FieldOwner.UPDATE)));
    }
}
