package io.navarch.apiserver.stages;

import io.navarch.apiserver.request.PatientCall;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.request.SlowLane;
import io.navarch.apiserver.write.PatchHandler;
import io.navarch.objects.ApiException;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.admission.Verb;
import io.navarch.schema.subresource.Subresource;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Set;

/// The last stage: hands the call to the handler of its verb or subresource, unless the resource has no such verb.
public final class Dispatch implements Stage<ResourceRequest, ResourceRequest> {
    private static final String SCALE = "scale";
    private static final String PROXY = "proxy";
    private static final Set<Verb> OBJECT_VERBS = Set.of(Verb.GET, Verb.UPDATE, Verb.PATCH);

    /// As the original calls what is done, in traces.
    private static final Map<String, String> SPANS = Map.of(
            "get", "Get",
            "list", "List",
            "watch", "WatchServer.HandleHTTP",
            "create", "Create",
            "update", "Update",
            "patch", "Patch",
            "delete", "Delete",
            "deletecollection", "Delete");

    /// Who serves what.
    ///
    /// @param verbs serve objects that are stored
    /// @param computed serves objects that are not
    /// @param reviews serve kinds that can only be created, and whose creation is a question
    /// @param subresources those that kinds serve themselves, as in [Subresource]
    /// @param adapter runs one of these
    public record Handlers(
            Map<Verb, ResourceHandler> verbs,
            ResourceHandler computed,
            ResourceHandler reviews,
            ResourceHandler scale,
            Map<String, Subresource> subresources,
            Adapter adapter) {
        public interface Adapter {
            void serve(ResourceRequest request, Subresource subresource) throws IOException, InterruptedException;
        }
    }

    private final Handlers handlers;
    private final SlowLane lane;
    private final PatientCall.Room room;
    private final RequestMetrics metrics;

    public Dispatch(Handlers handlers, SlowLane lane, RequestMetrics metrics) {
        this.handlers = handlers;
        this.lane = lane;
        room = new PatientCall.Room(lane, System::nanoTime);
        this.metrics = metrics;
    }

    @Override
    public void handle(ResourceRequest request, Next<ResourceRequest> next) throws IOException, InterruptedException {
        var kind = request.endpoint().kind();
        var sub = request.info().subresource();
        boolean whole = sub.isEmpty() || kind.partOfObject(sub);
        if (!kind.serves(sub)) throw Resolution.unknown();
        int code = HttpURLConnection.HTTP_INTERNAL_ERROR;
        long since = System.nanoTime();
        metrics.begun(request);
        try {
            if (!whole) subresource(request, kind, sub);
            else if (!kind.listable()) createOnly(request);
            else serve(request, kind);
            code = request.response().code();
        } catch (ApiException e) {
            code = e.code();
            throw e;
        } finally {
            var span = SPANS.get(request.info().verb());
            if (span != null) request.response().times().did(span, since, System.nanoTime());
            metrics.ended(request, code);
        }
    }

    private void serve(ResourceRequest request, KindDefinition kind) throws IOException, InterruptedException {
        var verb = verb(request);
        var info = request.info();
        if (head(request) || verb == Verb.WATCH && !reads(request)) throw Resolution.notAllowed();
        boolean whole = info.subresource().isEmpty();
        if (whole && !kind.verbs().contains(info.verb())) throw Resolution.notAllowed();
        if (kind.computed()) {
            warned(request);
            handlers.computed.serve(request);
            return;
        }
        if (!whole && !OBJECT_VERBS.contains(verb)) throw Resolution.notAllowed();
        boolean collection = info.name().isEmpty();
        boolean addressed = switch (verb) {
            case CREATE ->
                collection && (!kind.namespaced() || !info.namespace().isEmpty());
            case UPDATE, PATCH -> !collection;
            default -> true;
        };
        if (!addressed) throw Resolution.notAllowed();
        var handler = handler(verb);
        if (verb == Verb.PATCH) PatchHandler.check(request);
        warned(request);
        if (verb == Verb.LIST || verb == Verb.WATCH) {
            handler.serve(verb == Verb.LIST ? patient(request, false) : request);
            return;
        }
        lane.enterShort();
        try {
            handler.serve(patient(request, true));
        } finally {
            lane.leaveShort();
        }
    }

    private ResourceRequest patient(ResourceRequest request, boolean brief) {
        var call = new PatientCall(room, request.response().seat(), brief);
        return request.at(request.endpoint().asking(call));
    }

    /// The published API has no HEAD for its own kinds.
    private static boolean head(ResourceRequest request) {
        return request.call().method().equals("HEAD")
                && !request.endpoint().kind().custom();
    }

    /// A path of its own makes any call a watch, also one that is sent to change something.
    private static boolean reads(ResourceRequest request) {
        return Set.of("GET", "HEAD").contains(request.call().method());
    }

    private ResourceHandler handler(Verb verb) {
        var handler = handlers.verbs.get(verb);
        if (handler == null) throw Resolution.notAllowed();
        return handler;
    }

    private static Verb verb(ResourceRequest request) {
        return Verb.of(request.info().verb()).orElseThrow(Resolution::notAllowed);
    }

    private void createOnly(ResourceRequest request) throws IOException, InterruptedException {
        // What is not stored has no names.
        if (!request.info().name().isEmpty()) throw Resolution.unknown();
        if (!request.info().is(Verb.CREATE) || head(request)) throw Resolution.notAllowed();
        warned(request);
        var own = handlers.subresources.get(request.info().resource());
        if (own != null) handlers.adapter.serve(request, own);
        else handlers.reviews.serve(request);
    }

    private void subresource(ResourceRequest request, KindDefinition kind, String name)
            throws IOException, InterruptedException {
        if (name.equals(SCALE) && kind.scale().isPresent()) {
            if (!OBJECT_VERBS.contains(verb(request)) || head(request)) throw Resolution.notAllowed();
            warned(request);
            handlers.scale.serve(patient(request, false));
            return;
        }
        var handler = handlers.subresources.get(request.info().qualifiedResource());
        if (handler == null) throw Resolution.unknown();
        var verbs = kind.connects().stream()
                .filter(connect -> connect.name().equals(name))
                .findFirst()
                .map(KindDefinition.Connect::verbs)
                .orElseThrow(Resolution::unknown);
        if (!verbs.contains(request.info().verb()) && !asksOptions(request, name)) throw Resolution.notAllowed();
        warned(request);
        handlers.adapter.serve(request, handler);
    }

    /// The one method without a verb, which whoever is behind a proxy may answer.
    private static boolean asksOptions(ResourceRequest request, String subresource) {
        return subresource.equals(PROXY) && request.call().method().equals("OPTIONS");
    }

    /// Whoever uses a version that is to go is told; what nobody serves is not.
    private static void warned(ResourceRequest request) {
        var deprecation = request.endpoint().version().deprecation();
        if (!deprecation.isEmpty()) request.response().warn(deprecation);
    }
}
