package io.navarch.apiserver;

import io.navarch.apiserver.access.EscalationCheck;
import io.navarch.apiserver.access.Impersonator;
import io.navarch.apiserver.access.ReviewHandler;
import io.navarch.apiserver.admission.AdmissionTimes;
import io.navarch.apiserver.admission.AskedAdmission;
import io.navarch.apiserver.cache.ObjectCounts;
import io.navarch.apiserver.custom.CustomResources;
import io.navarch.apiserver.discovery.DiscoveryHandler;
import io.navarch.apiserver.discovery.InfoDocuments;
import io.navarch.apiserver.discovery.OpenApi;
import io.navarch.apiserver.flow.Gate;
import io.navarch.apiserver.flow.InFlightLimit;
import io.navarch.apiserver.flow.PriorityLevels;
import io.navarch.apiserver.read.ComputedHandler;
import io.navarch.apiserver.read.GetHandler;
import io.navarch.apiserver.read.ListHandler;
import io.navarch.apiserver.read.ListWriter;
import io.navarch.apiserver.read.Listing;
import io.navarch.apiserver.read.ObjectWriter;
import io.navarch.apiserver.read.Rendering;
import io.navarch.apiserver.read.WatchHandler;
import io.navarch.apiserver.read.WatchMetrics;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.Call;
import io.navarch.apiserver.request.Drain;
import io.navarch.apiserver.request.ForegroundGate;
import io.navarch.apiserver.request.HttpCall;
import io.navarch.apiserver.request.SlowLane;
import io.navarch.apiserver.stages.AccessMetrics;
import io.navarch.apiserver.stages.Audit;
import io.navarch.apiserver.stages.AuditedCalls;
import io.navarch.apiserver.stages.Authentication;
import io.navarch.apiserver.stages.Authorization;
import io.navarch.apiserver.stages.CallLog;
import io.navarch.apiserver.stages.Delegation;
import io.navarch.apiserver.stages.Dispatch;
import io.navarch.apiserver.stages.Draining;
import io.navarch.apiserver.stages.Errors;
import io.navarch.apiserver.stages.FlowControl;
import io.navarch.apiserver.stages.Impersonation;
import io.navarch.apiserver.stages.Negotiation;
import io.navarch.apiserver.stages.RequestMetrics;
import io.navarch.apiserver.stages.Resolution;
import io.navarch.apiserver.stages.Stage;
import io.navarch.apiserver.stages.Tracing;
import io.navarch.apiserver.subresource.SubresourceAdapter;
import io.navarch.apiserver.write.AdmissionChain;
import io.navarch.apiserver.write.ApplyHandler;
import io.navarch.apiserver.write.CreateHandler;
import io.navarch.apiserver.write.CreationRight;
import io.navarch.apiserver.write.DeleteCollectionHandler;
import io.navarch.apiserver.write.DeleteHandler;
import io.navarch.apiserver.write.Deletion;
import io.navarch.apiserver.write.EscalationGuard;
import io.navarch.apiserver.write.Ownership;
import io.navarch.apiserver.write.PatchHandler;
import io.navarch.apiserver.write.ScaleHandler;
import io.navarch.apiserver.write.ServerWrites;
import io.navarch.apiserver.write.UpdateHandler;
import io.navarch.apiserver.write.WritePipeline;
import io.navarch.http.Exchange;
import io.navarch.process.TaskScope;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.admission.Verb;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The Kubernetes API: every call goes through the stages that the constructor lists.
public final class ApiServer implements AutoCloseable {
    private final ApiServerParts parts;
    private final TaskScope scope = new TaskScope();
    private final Drain drain = new Drain();
    private final ForegroundGate foreground = new ForegroundGate();
    private final SlowLane lane;
    private final Optional<PriorityLevels> levels;
    private final InfoDocuments info;
    private final Deletion deletion;
    private final Stage.Next<ApiRequest> pipeline;

    public ApiServer(ApiServerParts parts) {
        this.parts = parts;
        var surroundings = parts.surroundings();
        info = new InfoDocuments(
                parts.access().issuer(),
                surroundings.program(),
                () -> parts.storage().store().refusal(),
                surroundings.metrics());
        lane = new SlowLane(Math.max(1, surroundings.processors() - 1), System::nanoTime, surroundings.timers());
        var traffic = parts.traffic();
        levels = traffic.fair()
                ? Optional.of(new PriorityLevels(
                        parts.resources(),
                        traffic.reading() + traffic.mutating(),
                        surroundings.processors(),
                        surroundings.clock(),
                        System::nanoTime,
                        surroundings.timers(),
                        surroundings.metrics()))
                : Optional.empty();
        var documents = List.of(
                info,
                new DiscoveryHandler(parts.resources(), parts.others()),
                new OpenApi(parts.resources(), parts.kinds().typeNames(), parts.others()));
        var metrics = new RequestMetrics(surroundings.metrics(), parts.resources(), System::nanoTime);
        surroundings.metrics().registerGauges(new ObjectCounts(parts.storage()));
        var errors = new Errors(drain);
        var current = new CurrentObjects(parts.storage());
        var times = new AdmissionTimes(surroundings.metrics());
        var admission = new AdmissionChain(
                parts.resources(),
                parts.admission().mutating(),
                parts.admission().validating(),
                times);
        var asked = new AskedAdmission(parts.admission().dynamic(), parts.resources(), times, lane);
        var ownership = new Ownership(parts.resources(), surroundings.clock());
        var writes = new WritePipeline(
                parts.storage(),
                admission,
                asked,
                times,
                ownership,
                new EscalationGuard(new EscalationCheck(
                        parts.access().authorizer(), parts.access().roles())),
                new CreationRight(parts.access().authorizer()),
                surroundings.clock(),
                surroundings.random());
        deletion = new Deletion(current, writes, admission, asked, times, surroundings.clock());
        var access = new AccessMetrics(surroundings.metrics(), System::nanoTime, surroundings.clock());
        pipeline = new CallLog(System::nanoTime)
                .then(new Draining(drain, foreground, errors))
                .then(errors)
                .then(new Audit(parts.auditor(), surroundings.random()))
                .then(new Authentication(parts.access().authenticator(), access))
                .then(new Tracing(parts.tracing(), System::nanoTime))
                .then(new AuditedCalls(parts.auditor()))
                .then(new Impersonation(new Impersonator(parts.access().authorizer())))
                .then(new FlowControl(gate(traffic), metrics, System::nanoTime))
                .then(new Authorization(parts.access().authorizer(), access))
                .then(new Delegation(parts.others()))
                .then(new Resolution(parts.resources(), documents))
                .then(new Negotiation(parts.kinds().protobuf()))
                .then(new Dispatch(handlers(current, admission, asked, ownership, writes), lane, metrics))
                .before(request -> {
                    throw new IllegalStateException("nobody has answered");
                });
    }

    private Gate gate(ApiServerParts.Traffic traffic) {
        return levels.isPresent() ? levels.get() : new InFlightLimit(traffic.reading(), traffic.mutating());
    }

    private Dispatch.Handlers handlers(
            CurrentObjects current,
            AdmissionChain admission,
            AskedAdmission asked,
            Ownership ownership,
            WritePipeline pipeline) {
        var storage = parts.storage();
        var resources = parts.resources();
        var clock = parts.surroundings().clock();
        var random = parts.surroundings().random();
        var rendering = new Rendering(clock);
        var writer = new ObjectWriter(rendering);
        var lists = new ListWriter(rendering);
        LongSupplier elapsed = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        var apply = new ApplyHandler(current, pipeline, ownership, writer, clock);
        var own = new SubresourceAdapter(
                resources,
                new ServerWrites(current, pipeline, deletion, admission),
                writer,
                parts.forwarder(),
                parts.access().authorizer(),
                asked);
        return new Dispatch.Handlers(
                Map.of(
                        Verb.GET, new GetHandler(current, writer),
                        Verb.LIST, new ListHandler(new Listing(storage, current), lists, lane),
                        Verb.WATCH,
                                new WatchHandler(
                                        current,
                                        rendering,
                                        drain,
                                        foreground,
                                        lane,
                                        elapsed,
                                        random,
                                        new WatchMetrics(parts.surroundings().metrics())),
                        Verb.CREATE, new CreateHandler(pipeline, writer),
                        Verb.UPDATE, new UpdateHandler(current, pipeline, writer),
                        Verb.PATCH, new PatchHandler(current, pipeline, writer, apply),
                        Verb.DELETE, new DeleteHandler(deletion, writer),
                        Verb.DELETECOLLECTION, new DeleteCollectionHandler(current, deletion, rendering)),
                new ComputedHandler(parts.kinds().computed(), storage.store()::revision, writer, lists, lane),
                new ReviewHandler(parts.access().authenticator(), parts.access().authorizer(), asked, clock),
                new ScaleHandler(current, pipeline, asked, writer, clock),
                parts.kinds().subresources(),
                own::serve);
    }

    /// Loads what is stored and begins to follow the log. The server answers before this; it is ready after.
    public void start(Duration compaction) {
        for (var kind : parts.kinds().builtIn()) parts.resources().add(kind);
        parts.storage().start(scope);
        levels.ifPresent(fair -> fair.start(scope));
        new CustomResources(
                        parts.resources(),
                        parts.kinds().metadata(),
                        parts.kinds().rules(),
                        parts.surroundings().clock(),
                        this::deleteAll,
                        parts.kinds().conversions(),
                        parts.surroundings().metrics())
                .start(scope);
        parts.storage().compactEvery(scope, compaction);
    }

    private CustomResources.Left deleteAll(KindDefinition kind) throws InterruptedException {
        var cache = parts.storage().cache(kind);
        var progress = deletion.deleteAll(new Endpoint(kind, kind.storage(), Optional.of(cache), Optional.empty()));
        if (progress.left() == 0) return CustomResources.Left.NONE;
        return progress.begun() == 0 ? CustomResources.Left.HELD : CustomResources.Left.GOING;
    }

    /// From now on `/readyz` says ok.
    public void ready() {
        info.ready();
    }

    public void handle(Exchange exchange) throws IOException {
        handle(new HttpCall(exchange));
    }

    /// Answers one call, whatever happens.
    public void handle(Call call) throws IOException {
        var request = ApiRequest.of(
                call, parts.kinds().protobuf(), parts.surroundings().bodies());
        request.response().received(System.nanoTime());
        request.response().times().during(() -> serve(request));
    }

    private void serve(ApiRequest request) throws IOException {
        try {
            pipeline.proceed(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        } finally {
            request.response().end();
        }
    }

    /// Finishes what is under way and takes nothing new.
    ///
    /// @return false when calls were still running after `limit`
    public boolean drain(Duration limit) throws InterruptedException {
        info.stopping();
        drain.begin();
        parts.storage().wake();
        parts.others().drain();
        return drain.await(limit);
    }

    /// Ends watches and background work; the store is the caller's.
    @Override
    public void close() {
        info.stopping();
        scope.close();
    }
}
