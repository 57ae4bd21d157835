package io.navarch.apiserver;

import io.navarch.apiserver.access.Authenticator;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.ReviewHandler;
import io.navarch.apiserver.access.ServiceAccountTokens;
import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.custom.CustomResources;
import io.navarch.apiserver.discovery.DiscoveryHandler;
import io.navarch.apiserver.discovery.InfoEndpoints;
import io.navarch.apiserver.discovery.OpenApi;
import io.navarch.apiserver.discovery.TypeNames;
import io.navarch.apiserver.read.ComputedKinds;
import io.navarch.apiserver.read.ReadHandler;
import io.navarch.apiserver.read.Rendering;
import io.navarch.apiserver.read.WatchHandler;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.Call;
import io.navarch.apiserver.request.Drain;
import io.navarch.apiserver.request.ForegroundGate;
import io.navarch.apiserver.request.HttpCall;
import io.navarch.apiserver.request.MediaType;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.apiserver.request.RequestInfo;
import io.navarch.apiserver.request.Subresource;
import io.navarch.apiserver.request.User;
import io.navarch.apiserver.write.DeleteHandler;
import io.navarch.apiserver.write.ScaleHandler;
import io.navarch.apiserver.write.Subresources;
import io.navarch.apiserver.write.WriteHandlers;
import io.navarch.apiserver.write.WritePipeline;
import io.navarch.http.Exchange;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.types.Schema;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Kubernetes API. Every call runs through [#stages]; what a stage needs stands in the [RequestContext].
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    /// What the server is made of; `apps` decides it.
    public record Parts(
            Storage storage,
            Resources resources,
            List<KindDefinition> kinds,
            Schema metadata,
            TypeNames typeNames,
            Protobuf protobuf,
            Authenticator authenticator,
            Authorizer authorizer,
            ServiceAccountTokens tokens,
            List<Admission.Mutating> mutating,
            List<Admission.Validating> validating,
            Map<String, Subresource> subresources,
            Map<String, Supplier<List<Map<String, Object>>>> computed,
            InstantSource clock,
            RandomGenerator random,
            String version,
            Metrics metrics) {}

    /// One step of the pipeline; the rest is skipped once the context is done.
    interface Stage {
        void run(RequestContext context) throws Exception;
    }

    record NamedStage(String name, Stage stage) {}

    private final Parts parts;
    private final TaskScope scope = new TaskScope();
    private final List<NamedStage> stages;
    private final ReadHandler reads;
    private final WatchHandler watches;
    private final WriteHandlers writes;
    private final DeleteHandler deletes;
    private final DiscoveryHandler discovery;
    private final OpenApi openApi;
    private final InfoEndpoints info;
    private final ReviewHandler reviews;
    private final ComputedKinds computed;
    private final Map<String, Subresource> subresources = new HashMap<>();
    private final Drain drain = new Drain();
    private final ForegroundGate foreground = new ForegroundGate();
    // kube-apiserver's defaults for requests in flight.
    private final Semaphore mutatingSlots = new Semaphore(200);
    private final Semaphore readingSlots = new Semaphore(400);

    public ApiServer(Parts parts) {
        this.parts = parts;
        var rendering = new Rendering(parts.clock);
        reads = new ReadHandler(parts.storage, rendering);
        watches = new WatchHandler(reads, rendering, drain, foreground, parts.clock, parts.random);
        var path = new WritePipeline(parts.resources, parts.clock, parts.random, parts.mutating, parts.validating);
        writes = new WriteHandlers(reads, path, parts.clock);
        deletes = new DeleteHandler(parts.storage, reads, path, rendering, parts.clock);
        discovery = new DiscoveryHandler(parts.resources);
        openApi = new OpenApi(parts.resources, parts.typeNames);
        info = new InfoEndpoints(parts.tokens, parts.version, parts.metrics);
        computed = new ComputedKinds(reads, parts.computed);
        reviews = new ReviewHandler(parts.authenticator, parts.authorizer);
        var own = new Subresources(reads, path, deletes, parts.tokens, parts.resources, parts.clock);
        subresources.put("pods/binding", own::binding);
        subresources.put("bindings", own::bindingOf);
        subresources.put("pods/eviction", own::eviction);
        subresources.put("serviceaccounts/token", own::token);
        subresources.put("namespaces/finalize", own::finalizeNamespace);
        subresources.put("*/scale", new ScaleHandler(reads, path, parts.clock)::serve);
        subresources.putAll(parts.subresources);
        stages = List.of(
                new NamedStage("route", context -> context.info = RequestInfo.of(context.call())),
                new NamedStage("drain", this::enter),
                new NamedStage("audit", this::audit),
                new NamedStage(
                        "authenticate", context -> context.user = parts.authenticator.authenticate(context.call())),
                new NamedStage("impersonate", this::impersonate),
                new NamedStage("flow-control", this::flowControl),
                new NamedStage("authorise", this::authorise),
                new NamedStage("resolve", this::resolve),
                new NamedStage("negotiate", this::negotiate),
                // decode → default → mutating admission → prepare → validate → validating admission → store → encode
                new NamedStage("serve", this::serve));
    }

    /// Loads what is stored and begins to follow the log. The server answers before this; it is ready after.
    public void start(Duration compaction) {
        for (var kind : parts.kinds) parts.resources.add(kind);
        parts.storage.start(scope);
        new CustomResources(parts.resources, parts.metadata, parts.clock).start(scope);
        parts.storage.compactEvery(scope, compaction);
    }

    /// From now on `/readyz` says ok.
    public void ready() {
        info.ready();
    }

    List<String> stages() {
        return stages.stream().map(NamedStage::name).toList();
    }

    public void handle(Exchange exchange) throws IOException {
        handle(new HttpCall(exchange));
    }

    /// Answers one call, whatever happens.
    public void handle(Call call) throws IOException {
        var context = new RequestContext(call, parts.protobuf);
        try {
            for (var stage : stages) {
                if (context.done) break;
                stage.stage.run(context);
            }
        } catch (ApiException e) {
            fail(context, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            LOG.error("{} {}", call.method(), call.path(), e);
            fail(
                    context,
                    new ApiException(ApiException.Reason.INTERNAL_ERROR, "Internal error occurred: " + e.getMessage()));
        } finally {
            context.release.run();
            if (context.entered) drain.leave();
            if (context.awaited) foreground.leave();
        }
    }

    /// Every call counts but those that only end when the client or the other side wants, as watches are told to end.
    private void enter(RequestContext context) {
        boolean stays = context.info.longRunning() && !context.info.verb().equals("watch");
        if (!context.info.resourceRequest() || stays && !drain.begun()) return;
        drain.enter();
        context.entered = true;
        if (context.info.longRunning() || context.call().trusted() != null) return;
        foreground.enter();
        context.awaited = true;
    }

    private void fail(RequestContext context, ApiException error) throws IOException {
        if (context.done) throw new IOException("the answer had begun: " + error.getMessage());
        context.done = true;
        boolean protobuf = context.accept.protobuf();
        var headers = context.headers(protobuf ? Protobuf.MEDIA_TYPE : "application/json");
        if (error.reason() == ApiException.Reason.TOO_MANY_REQUESTS) {
            headers.put("Retry-After", drain.begun() ? "5" : "1");
        }
        if (drain.begun()) headers.put("Connection", "close");
        if (context.info != null) info.count(context.info.verb(), context.info.resource(), error.code());
        var status = error.status();
        context.call().respond(error.code(), headers, protobuf ? parts.protobuf.encode(status) : Json.write(status));
    }

    // Stages.

    private void audit(RequestContext context) {
        if (LOG.isDebugEnabled())
            LOG.debug("{} {}", context.call().method(), context.call().path());
    }

    private void impersonate(RequestContext context) {
        var name = context.call().header("Impersonate-User");
        if (name.isEmpty()) return;
        var check = new Authorizer.Attributes(context.user, "impersonate", true, "", "v1", "users", "", "", name, "");
        if (!parts.authorizer.authorize(check).allowed()) {
            throw ApiException.forbidden(
                    "users",
                    "",
                    name,
                    "User \"" + context.user.name()
                            + "\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope");
        }
        var group = context.call().header("Impersonate-Group");
        context.user = group.isEmpty() ? User.of(name) : User.of(name, group);
    }

    private void flowControl(RequestContext context) {
        if (context.info.longRunning()
                || context.user.in(User.MASTERS)
                || context.call().trusted() != null) return;
        boolean reading = List.of("get", "list").contains(context.info.verb());
        var slots = reading ? readingSlots : mutatingSlots;
        try {
            // A request waits for its turn for a while before it is refused.
            if (!slots.tryAcquire(15, TimeUnit.SECONDS)) {
                throw new ApiException(
                        ApiException.Reason.TOO_MANY_REQUESTS,
                        "The server has received too many requests and has asked us to try again later",
                        Trees.map("retryAfterSeconds", 1L));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ApiException.Reason.TIMEOUT, "interrupted");
        }
        context.release = slots::release;
    }

    private void authorise(RequestContext context) {
        var attributes = Authorizer.Attributes.of(context.user, context.info);
        if (parts.authorizer.authorize(attributes).allowed()) return;
        var who = "User \"" + context.user.name() + "\" cannot ";
        if (!context.info.resourceRequest()) {
            throw new ApiException(
                    ApiException.Reason.FORBIDDEN,
                    "forbidden: " + who + context.info.verb() + " path \"" + context.info.path() + "\"",
                    Trees.map());
        }
        var request = context.info;
        var resource =
                request.subresource().isEmpty() ? request.resource() : request.resource() + "/" + request.subresource();
        throw ApiException.forbidden(
                request.resource(),
                request.group(),
                request.name(),
                who + request.verb() + " resource \"" + resource + "\" in API group \"" + request.group() + "\" "
                        + (request.namespace().isEmpty()
                                ? "at the cluster scope"
                                : "in the namespace \"" + request.namespace() + "\""));
    }

    /// Finds the endpoint; what is no resource is answered here.
    private void resolve(RequestContext context) throws IOException {
        var request = context.info;
        if (!request.resourceRequest()) {
            if (info.serve(context) || discovery.serve(context) || openApi.serve(context)) return;
            throw unknown();
        }
        var endpoint = parts.resources.endpoint(request.group(), request.version(), request.resource());
        if (endpoint == null) throw unknown();
        // The namespaces resource names itself by what looks like a namespace.
        boolean self =
                request.resource().equals("namespaces") && request.group().isEmpty();
        if (self) {
            context.info = new RequestInfo(
                    true,
                    request.verb(),
                    request.path(),
                    request.group(),
                    request.version(),
                    "",
                    request.resource(),
                    request.name(),
                    request.subresource(),
                    request.rest());
        }
        if (!endpoint.kind().namespaced() && !context.info.namespace().isEmpty()) throw unknown();
        context.endpoint = endpoint;
        if (!endpoint.version().deprecation().isEmpty())
            context.warn(endpoint.version().deprecation());
    }

    private static ApiException unknown() {
        return new ApiException(
                ApiException.Reason.NOT_FOUND, "the server could not find the requested resource", Trees.map());
    }

    private void negotiate(RequestContext context) {
        if (context.info.streams()) return;
        var endpoint = context.endpoint;
        boolean protobuf =
                parts.protobuf.knows(endpoint.apiVersion(), endpoint.kind().kind());
        context.accept = MediaType.accepted(
                context.call().header("Accept"),
                endpoint.kind().listable(),
                format -> format != MediaType.Format.PROTOBUF || protobuf);
        var include = context.call().query("includeObject");
        if (context.accept.table() && !List.of("", "None", "Metadata", "Object").contains(include)) {
            throw ApiException.badRequest("Unable to convert to Table as requested: includeObject: Invalid value: \""
                    + include + "\": must be 'Metadata', 'Object', 'None', or empty");
        }
    }

    private void serve(RequestContext context) throws Exception {
        var request = context.info;
        var sub = request.subresource();
        boolean part = sub.equals("status") && context.endpoint.kind().hasStatus()
                || context.endpoint.kind().parts().containsKey(sub);
        if (!sub.isEmpty() && !part) {
            subresource(context);
            return;
        }
        if (!context.endpoint.kind().listable()) {
            if (!request.verb().equals("create")) throw notAllowed();
            var own = subresources.get(request.resource());
            if (own != null) own.serve(context);
            else reviews.serve(context);
            return;
        }
        if (sub.isEmpty() && !context.endpoint.kind().verbs().contains(request.verb())) throw notAllowed();
        if (context.endpoint.kind().computed()) {
            computed.serve(context);
            return;
        }
        write(context, sub);
        info.count(request.verb(), request.resource(), 200);
    }

    private void write(RequestContext context, String sub) throws Exception {
        var request = context.info;
        var part = sub.isEmpty()
                ? WritePipeline.Part.MAIN
                : sub.equals("status") ? WritePipeline.Part.STATUS : WritePipeline.Part.SUBRESOURCE;
        if (!sub.isEmpty() && !List.of("get", "update", "patch").contains(request.verb())) throw notAllowed();
        boolean collection = request.name().isEmpty();
        switch (request.verb()) {
            case "get" -> reads.get(context);
            case "list" -> reads.list(context);
            case "watch" -> watches.watch(context);
            case "create" -> {
                if (!collection) throw notAllowed();
                if (context.endpoint.kind().namespaced() && request.namespace().isEmpty()) throw notAllowed();
                writes.create(context);
            }
            case "update" -> {
                if (collection) throw notAllowed();
                writes.update(context, part);
            }
            case "patch" -> {
                if (collection) throw notAllowed();
                writes.patch(context, part);
            }
            case "delete" -> deletes.delete(context);
            case "deletecollection" -> deletes.deleteCollection(context);
            default -> throw notAllowed();
        }
    }

    private static ApiException notAllowed() {
        return new ApiException(
                ApiException.Reason.METHOD_NOT_ALLOWED,
                "the server does not allow this method on the requested resource",
                Trees.map());
    }

    private void subresource(RequestContext context) throws Exception {
        var request = context.info;
        var name = request.subresource();
        boolean scale = name.equals("scale") && context.endpoint.kind().scale() != null;
        var connect = context.endpoint.kind().connects().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst();
        var handler = subresources.get(scale ? "*/scale" : request.resource() + "/" + name);
        if (handler == null || !scale && connect.isEmpty()) throw unknown();
        if (!scale && !connect.get().verbs().contains(request.verb())
                || scale && !List.of("get", "update", "patch").contains(request.verb())) throw notAllowed();
        handler.serve(context);
    }

    /// Finishes what is under way and takes nothing new.
    ///
    /// @return false when calls were still running after `limit`
    public boolean drain(Duration limit) throws InterruptedException {
        info.stopping();
        drain.begin();
        parts.storage.wake();
        return drain.await(limit);
    }

    /// Ends watches and background work; the store is the caller's.
    @Override
    public void close() {
        info.stopping();
        scope.close();
    }
}
