package io.navarch.apiserver.stages;

import io.navarch.apiserver.discovery.Document;
import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.schema.admission.Verb;
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
        // Nothing is served there any more; it only changes what the right is called.
        if (info.verb().equals("proxy")) throw unknown();
        var endpoint = resources.endpoint(info.group(), info.version(), info.resource());
        boolean found = endpoint.map(each -> !each.kind().custom() || inPlace(request, each))
                .orElseGet(() -> served(request));
        if (found) next.proceed(resolved(request));
        else nothing(request);
    }

    /// Where a custom kind is not, nobody is: whoever serves them has passed the call on to the last, who says so in
    /// plain text.
    private static boolean inPlace(ApiRequest request, Endpoint endpoint) {
        var info = request.info();
        boolean everywhere = info.namespace().isEmpty();
        if (!endpoint.kind().namespaced()) return everywhere;
        return !everywhere || info.is(Verb.LIST) || info.is(Verb.WATCH);
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
        var headers = request.response().headers(ContentTypes.TEXT);
        headers.put("X-Content-Type-Options", "nosniff");
        request.response().send(404, headers, "404 page not found\n".getBytes(StandardCharsets.US_ASCII));
    }

    /// Whether built-in kinds are served there.
    private boolean served(ApiRequest request) {
        var info = request.info();
        return resources.all().stream()
                .filter(kind -> !kind.custom() && kind.group().equals(info.group()))
                .flatMap(kind -> kind.versions().stream())
                .anyMatch(version -> version.served() && version.name().equals(info.version()));
    }

    private ResourceRequest resolved(ApiRequest request) {
        var info = request.info();
        var endpoint = resources
                .endpoint(info.group(), info.version(), info.resource())
                .orElseThrow(Resolution::unknown);
        // Who may do something in one namespace may not do it to the namespaces.
        if (info.namespaceItself() && info.path().contains("/namespaces/" + info.namespace() + "/namespaces"))
            throw unknown();
        var found = info.namespaceItself() ? request.with(info.clusterScoped()) : request;
        if (!endpoint.kind().namespaced() && !found.info().namespace().isEmpty()) throw unknown();
        if (endpoint.kind().namespaced() && found.info().namespace().isEmpty()) checkAcrossNamespaces(found, endpoint);
        return new ResourceRequest(found, endpoint);
    }

    /// Objects with a namespace are in one: without it they can only be listed and watched together.
    private static void checkAcrossNamespaces(ApiRequest request, Endpoint endpoint) {
        var info = request.info();
        if (!endpoint.kind().listable()) throw unknown();
        boolean reads = info.is(Verb.LIST) || info.is(Verb.WATCH);
        if (reads) return;
        if (info.path().contains("/namespaces//")) throw ApiException.badRequest("Namespace parameter required.");
        throw info.name().isEmpty() && info.subresource().isEmpty() ? notAllowed() : unknown();
    }

    static ApiException unknown() {
        return new ApiException(
                ApiException.Reason.NOT_FOUND, "the server could not find the requested resource", Trees.map());
    }

    static ApiException notAllowed() {
        return new ApiException(
                ApiException.Reason.METHOD_NOT_ALLOWED,
                "the server does not allow this method on the requested resource",
                Trees.map());
    }
}
