package io.navarch.apiserver.stages;

import io.navarch.apiserver.discovery.Document;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        if (!request.info().resourceRequest()) {
            answer(request);
            return;
        }
        var info = request.info();
        boolean found = resources
                .endpoint(info.group(), info.version(), info.resource())
                .isPresent();
        if (found || served(request)) next.proceed(resolved(request));
        else nothing(request);
    }

    private void answer(ApiRequest request) throws IOException {
        for (var document : documents) {
            if (document.serve(request)) return;
        }
        nothing(request);
    }

    /// Where no group is served, nobody is there who could answer a `Status`.
    private void nothing(ApiRequest request) throws IOException {
        var parts = request.info().path().split("/");
        boolean ours = parts.length > 2
                && (parts[1].equals("api")
                        || parts[1].equals("apis")
                                && resources.all().stream()
                                        .anyMatch(kind ->
                                                !kind.custom() && kind.group().equals(parts[2])));
        if (ours) throw unknown();
        request.response()
                .sendBytes(404, ContentTypes.TEXT, "404 page not found\n".getBytes(StandardCharsets.US_ASCII));
    }

    private boolean served(ApiRequest request) {
        var info = request.info();
        return resources.all().stream()
                .filter(kind -> kind.group().equals(info.group()))
                .flatMap(kind -> kind.versions().stream())
                .anyMatch(version -> version.served() && version.name().equals(info.version()));
    }

    private ResourceRequest resolved(ApiRequest request) {
        var info = request.info();
        var endpoint = resources
                .endpoint(info.group(), info.version(), info.resource())
                .orElseThrow(Resolution::unknown);
        var found = info.namespaceItself() ? request.with(info.clusterScoped()) : request;
        if (!endpoint.kind().namespaced() && !found.info().namespace().isEmpty()) throw unknown();
        return new ResourceRequest(found, endpoint);
    }

    static ApiException unknown() {
        return new ApiException(
                ApiException.Reason.NOT_FOUND, "the server could not find the requested resource", Trees.map());
    }
}
