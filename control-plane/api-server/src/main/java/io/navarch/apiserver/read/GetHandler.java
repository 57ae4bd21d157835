package io.navarch.apiserver.read;

import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.request.ListOptions;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import java.io.IOException;

/// GET of one object.
public final class GetHandler implements ResourceHandler {
    private final CurrentObjects objects;
    private final ObjectWriter writer;

    public GetHandler(CurrentObjects objects, ObjectWriter writer) {
        this.objects = objects;
        this.writer = writer;
    }

    @Override
    public void serve(ResourceRequest request) throws IOException, InterruptedException {
        var endpoint = request.endpoint();
        objects.awaitRevision(
                endpoint.cache(), ListOptions.revision(request.call().query("resourceVersion")));
        var info = request.info();
        writer.respond(request, 200, objects.require(endpoint, info.namespace(), info.name()));
    }
}
