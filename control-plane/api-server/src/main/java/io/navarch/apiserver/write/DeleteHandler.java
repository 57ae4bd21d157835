package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.ObjectWriter;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.Status;
import io.navarch.model.StatusDetails;
import io.navarch.objects.ApiException;
import io.navarch.schema.subresource.DeleteOptions;
import java.io.IOException;
import java.util.Map;

/// DELETE of one object.
public final class DeleteHandler implements ResourceHandler {
    private final Deletion deletion;
    private final ObjectWriter writer;

    public DeleteHandler(Deletion deletion, ObjectWriter writer) {
        this.deletion = deletion;
        this.writer = writer;
    }

    /// The options of a deletion, from its body and its query.
    static DeleteOptions options(ResourceRequest request) throws IOException {
        var options = DeleteOptions.of(
                BodyDecoder.deleteOptions(request), request.call().query());
        var kind = request.endpoint().kind();
        if (kind.tellsOfDependents() && options.propagation().isEmpty())
            request.response()
                    .warn("child pods are preserved by default when " + kind.plural() + " are deleted;"
                            + " set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to"
                            + " suppress this warning");
        return options;
    }

    @Override
    public void serve(ResourceRequest request) throws IOException, InterruptedException {
        var options = options(request);
        var endpoint = request.endpoint();
        var info = request.info();
        var deleted = deletion.delete(request, info.namespace(), info.name(), options);
        if (!deleted.gone() || endpoint.kind().showsDeleted()) {
            writer.respond(request, 200, deleted.left());
            return;
        }
        request.response().send(200, success(request, deleted.left()));
    }

    private static Map<String, Object> success(ResourceRequest request, StoredObject left) {
        var kind = request.endpoint().kind();
        var details = ApiException.details(kind.plural(), kind.group(), left.name());
        return Status.builder()
                .kind("Status")
                .apiVersion("v1")
                .metadata(none -> {})
                .status("Success")
                .details(StatusDetails.edit(details).uid(left.view().uid()).build())
                .map();
    }
}
