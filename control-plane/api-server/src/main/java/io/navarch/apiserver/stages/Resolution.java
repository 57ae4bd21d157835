package io.navarch.apiserver.stages;

import io.navarch.apiserver.discovery.Document;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import java.io.IOException;
import java.util.List;

/// Finds the endpoint of a resource. Paths that name none are answered here, by documents about the server.
public final class Resolution implements Stage<ApiRequest, ResourceRequest> {
    private final Resources resources;
    private final List<Document> documents;

    public Resolution(Resources resources, List<Document> documents) {
        this.resources = resources;
        this.documents = documents;
    }

    @Override
    public void handle(ApiRequest request, Next<ResourceRequest> next) throws IOException, InterruptedException {
        if (request.info().resourceRequest()) next.proceed(resolved(request));
        else answer(request);
    }

    private void answer(ApiRequest request) throws IOException {
        for (var document : documents) {
            if (document.serve(request)) return;
        }
        throw unknown();
    }

    private ResourceRequest resolved(ApiRequest request) {
        var info = request.info();
        var endpoint = resources
                .endpoint(info.group(), info.version(), info.resource())
                .orElseThrow(Resolution::unknown);
        var found = info.namespaceItself() ? request.with(info.clusterScoped()) : request;
        if (!endpoint.kind().namespaced() && !found.info().namespace().isEmpty()) throw unknown();
        var deprecation = endpoint.version().deprecation();
        if (!deprecation.isEmpty()) request.response().warn(deprecation);
        return new ResourceRequest(found, endpoint);
    }

    static ApiException unknown() {
        return new ApiException(
                ApiException.Reason.NOT_FOUND, "the server could not find the requested resource", Trees.map());
    }
}
