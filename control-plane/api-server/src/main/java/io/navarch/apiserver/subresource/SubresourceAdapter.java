package io.navarch.apiserver.subresource;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.admission.AskedAdmission;
import io.navarch.apiserver.admission.ObjectType;
import io.navarch.apiserver.proxy.Forwarder;
import io.navarch.apiserver.read.ObjectWriter;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.RequestOptions;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.write.ServerWrites;
import io.navarch.model.AnyObject;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.admission.Operation;
import io.navarch.schema.admission.Verb;
import io.navarch.schema.subresource.Connector;
import io.navarch.schema.subresource.Subresource;
import io.navarch.schema.subresource.SubresourceHandler;
import java.io.IOException;
import java.util.Map;

/// Runs the handlers that kinds bring along.
public final class SubresourceAdapter {
    private final Resources resources;
    private final ServerWrites writes;
    private final ObjectWriter writer;
    private final Forwarder forwarder;
    private final Authorizer authorizer;
    private final AskedAdmission asked;

    public SubresourceAdapter(
            Resources resources,
            ServerWrites writes,
            ObjectWriter writer,
            Forwarder forwarder,
            Authorizer authorizer,
            AskedAdmission asked) {
        this.asked = asked;
        this.authorizer = authorizer;
        this.resources = resources;
        this.writes = writes;
        this.writer = writer;
        this.forwarder = forwarder;
    }

    public void serve(ResourceRequest request, Subresource subresource) throws IOException, InterruptedException {
        switch (subresource) {
            case SubresourceHandler handler -> answer(request, handler);
            case Connector connector -> {
                if (request.info().enters()) mayEnter(request);
                asked.connect(request);
                forwarder.forward(request, connector.connect(connection(request), resources));
            }
        }
    }

    /// A session in a pod needs the right to `create` it, also where it begins with a GET, as over a WebSocket:
    /// the right to read everything is none to run anything.
    private void mayEnter(ResourceRequest request) {
        var info = request.info();
        if (info.is(Verb.CREATE)) return;
        var right = AccessAttributes.of(request.user(), info).doing(Verb.CREATE.text());
        var decision = authorizer.authorize(right);
        if (!decision.allowed())
            throw ApiException.forbidden(info.resource(), info.group(), info.name(), decision.reason());
    }

    /// What was sent, after others have seen it.
    private Map<String, Object> review(ResourceRequest request, Map<String, Object> body) {
        var operation = request.info().is(Verb.UPDATE) ? Operation.UPDATE : Operation.CREATE;
        var name = request.info().name();
        var form = BodyDecoder.formOf(request);
        var type = new ObjectType(form.group(), form.version(), form.kind());
        var called = name.isEmpty() ? AskedAdmission.name(body) : name;
        var call = asked.ofSubresource(request, operation, type, called);
        return asked.review(call, body);
    }

    private static Connector.Request connection(ResourceRequest request) {
        var info = request.info();
        return new Connector.Request(
                info.namespace(), info.name(), request.call().query());
    }

    private void answer(ResourceRequest request, SubresourceHandler handler) throws IOException, InterruptedException {
        RequestOptions.check(request.call(), request.info().is(Verb.UPDATE) ? "UpdateOptions" : "CreateOptions");
        var body = BodyDecoder.ofSubresource(request);
        var call = request.attributes(Operation.CREATE, request.info().name());
        var admitted = review(request, body);
        var answer = handler.serve(
                new SubresourceHandler.Request(call, admitted, request.dryRun()),
                new CallersObjects(request, call, resources, writes));
        // What is of the kind itself is answered as any object of it, in the form that was negotiated.
        var endpoint = request.endpoint();
        boolean own = View.of(answer.object())
                .get(AnyObject.KIND)
                .string()
                .equals(endpoint.kind().kind());
        if (own) writer.respond(request, answer.status(), answer.object());
        else request.response().send(answer.status(), answer.object());
    }
}
