package io.navarch.apiserver.request;

import io.navarch.apiserver.cache.Selection;
import io.navarch.apiserver.registry.Endpoint;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import io.navarch.schema.admission.User;
import java.util.List;

/// A call for a resource that is served.
public record ResourceRequest(ApiRequest request, Endpoint endpoint) {
    public Call call() {
        return request.call();
    }

    public RequestInfo info() {
        return request.info();
    }

    public User user() {
        return request.user();
    }

    public Response response() {
        return request.response();
    }

    /// The same call, served by another endpoint.
    public ResourceRequest at(Endpoint other) {
        return new ResourceRequest(request, other);
    }

    public boolean dryRun() {
        return call().query().getOrDefault("dryRun", List.of()).contains("All");
    }

    /// The objects that a list, a watch or the deletion of a collection is about.
    public Selection selection() {
        var call = call();
        return Selection.parse(
                endpoint.kind(),
                endpoint.version(),
                info().namespace(),
                info().name(),
                call.query("labelSelector"),
                call.query("fieldSelector"));
    }

    /// The same list or watch, without asking anybody to convert objects where it is for their metadata alone: for
    /// whoever wants no more, and for this process, which knows nothing else of custom kinds. Whoever collects
    /// garbage or empties namespaces does not wait for others.
    public ResourceRequest ofMany() {
        boolean enough = response().form().metadataOnly() || call().trusted().isPresent();
        return enough && endpoint.asks() ? at(endpoint.unasked()) : this;
    }

    public Admission.Attributes attributes(Operation operation, String name) {
        var info = info();
        return new Admission.Attributes(
                operation,
                info.group(),
                info.version(),
                info.resource(),
                info.subresource(),
                info.namespace(),
                name,
                user().name(),
                user().uid(),
                user().groups(),
                user().extra(),
                response()::warn);
    }
}
