package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.AuditRecord;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.GoTypeNames;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.Column;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Answers one object in the form that the client asked for, from its encoded form where that will do.
public final class ObjectWriter {
    private final Rendering rendering;

    public ObjectWriter(Rendering rendering) {
        this.rendering = rendering;
    }

    public void respond(ResourceRequest request, int status, StoredObject stored) throws IOException {
        var response = request.response();
        var form = response.form();
        var endpoint = request.endpoint();
        if (form.table() || form.metadataOnly() || form.yaml()) {
            // Nobody has to be asked for metadata.
            respond(request, status, form.metadataOnly() ? stored.tree() : rendering.tree(stored, endpoint));
        } else if (form.protobuf()) {
            audit(request, stored);
            var message = rendering.message(stored, endpoint, response.protobuf());
            response.sendBytes(
                    status,
                    Protobuf.MEDIA_TYPE,
                    Protobuf.envelope(endpoint.apiVersion(), endpoint.kind().kind(), message));
        } else {
            audit(request, stored);
            response.sendBytes(status, ContentTypes.JSON, rendering.json(stored, endpoint));
        }
    }

    private void audit(ResourceRequest request, StoredObject stored) {
        request.response()
                .audited()
                .filter(AuditRecord::wantsAnswer)
                .ifPresent(record -> record.answered(rendering.json(stored, request.endpoint())));
    }

    /// Answers an object of the endpoint's kind and version that was made for the answer.
    public void respond(ResourceRequest request, int status, Map<String, Object> tree) throws IOException {
        respond(request, status, tree, rendering.columns(request.endpoint()));
    }

    /// Answers another form of the endpoint's object, such as its Scale.
    ///
    /// @param columns of the form's Table
    public void respond(ResourceRequest request, int status, Map<String, Object> tree, List<Column> columns)
            throws IOException {
        var response = request.response();
        if (response.form().table()) {
            response.send(
                    status,
                    rendering.table(
                            List.of(tree),
                            columns,
                            Rendering.listMetadata(View.of(tree).resourceVersion()),
                            request.call().query("includeObject"),
                            true,
                            response.form()));
        } else if (response.form().metadataOnly()) {
            if (response.form().as().equals("PartialObjectMetadataList")) {
                throw new ApiException(
                        ApiException.Reason.NOT_ACCEPTABLE,
                        "you requested PartialObjectMetadataList, but the requested object is not a list (*"
                                + GoTypeNames.internal(request.endpoint().kind()) + ")");
            }
            response.send(status, Rendering.metadata(View.of(tree), Rendering.meta(response.form())));
        } else {
            response.send(status, tree);
        }
    }
}
