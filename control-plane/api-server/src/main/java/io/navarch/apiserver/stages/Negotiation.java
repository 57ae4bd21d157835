package io.navarch.apiserver.stages;

import io.navarch.apiserver.request.MediaType;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.http.HeaderNames;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.Verb;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/// Settles the form of the answer. Streams have their own.
public final class Negotiation implements Stage<ResourceRequest, ResourceRequest> {
    private static final List<String> INCLUDED = List.of("", "None", "Metadata", "Object");

    private final Protobuf protobuf;

    public Negotiation(Protobuf protobuf) {
        this.protobuf = protobuf;
    }

    @Override
    public void handle(ResourceRequest request, Next<ResourceRequest> next) throws IOException, InterruptedException {
        if (!request.info().streams()) request.response().form(form(request));
        next.proceed(request);
    }

    private MediaType form(ResourceRequest request) {
        var endpoint = request.endpoint();
        var kind = endpoint.kind();
        boolean messages = protobuf.knows(endpoint.apiVersion(), kind.kind());
        Predicate<MediaType.Format> offered = format -> format != MediaType.Format.PROTOBUF || messages;
        var header = request.call().header(HeaderNames.ACCEPT);
        boolean lists = request.info().is(Verb.LIST) || request.info().is(Verb.WATCH);
        if (!kind.custom()) MediaType.checkRoute(header, lists, offered);
        var form = MediaType.accepted(header, kind.listable(), offered);
        var include = request.call().query("includeObject");
        if (form.table() && !INCLUDED.contains(include)) {
            throw ApiException.badRequest("Unable to convert to Table as requested: includeObject: Invalid value: \""
                    + include + "\": must be 'Metadata', 'Object', 'None', or empty");
        }
        return form;
    }
}
