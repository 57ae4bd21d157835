package io.navarch.apiserver.write;

import io.navarch.apiserver.read.ObjectWriter;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.RequestOptions;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.schema.ownership.FieldOwner;
import java.io.IOException;

/// POST of a new object.
public final class CreateHandler implements ResourceHandler {
    private final WritePipeline pipeline;
    private final ObjectWriter writer;

    public CreateHandler(WritePipeline pipeline, ObjectWriter writer) {
        this.pipeline = pipeline;
        this.writer = writer;
    }

    @Override
    public void serve(ResourceRequest request) throws IOException {
        RequestOptions.check(request.call(), "CreateOptions");
        var sent = BodyDecoder.object(request);
        writer.respond(request, 201, pipeline.create(request, sent, FieldOwners.of(request, FieldOwner.UPDATE)));
    }
}
