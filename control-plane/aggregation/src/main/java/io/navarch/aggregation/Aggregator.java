package io.navarch.aggregation;

import io.navarch.aggregation.status.AvailabilityController;
import io.navarch.aggregation.status.CustomGroupController;
import io.navarch.aggregation.status.Registration;
import io.navarch.apiserver.delegation.OtherServers;
import io.navarch.apiserver.delegation.RegisteredVersion;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.RequestInfo;
import io.navarch.client.Client;
import io.navarch.client.Informers;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.model.APIService;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ResourceType;
import io.navarch.process.Backoff;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.reconcile.ActionExecutor;
import io.navarch.reconcile.ClientWriter;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerRun;
import io.navarch.reconcile.ControllerRunner;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.WorkQueue;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Follows APIServices: calls their servers for others, and knows what these serve.
public final class Aggregator implements OtherServers {
    private static final Duration REFRESH = Duration.ofSeconds(60);
    private static final int WORKERS = 4;

    /// Who waits for other servers; slow ones hold up nobody but themselves as long as there are fewer of them.
    private static final int WAITING = 100;
    /// Whoever answered this instead would be registered for good.
    private static final String OWN = "apiregistration.k8s.io";

    /// @param identity what other servers are shown, as it is at the time
    /// @param callers whether a header may say who calls
    public record Surroundings(
            EventLoops loops,
            Supplier<Tls.Identity> identity,
            Predicate<String> callers,
            InstantSource clock,
            RandomGenerator random,
            Metrics metrics) {}

    /// @param secured where it is answered, unless this server does
    private record Known(Registration registration, Optional<Backends.Secured> secured, Contents contents) {
        Known with(Contents others) {
            return new Known(registration, secured, others);
        }
    }

    private final Surroundings surroundings;
    private final Backends backends;
    private final Relay relay;
    private final ContentsFetch fetch;
    private final WorkQueue<String> stale;
    /// By the name of the APIService. Replaced as a whole, with the monitor held.
    private volatile Map<String, Known> all = Map.of();
    /// Those that other servers answer, by `GROUP/VERSION`.
    private volatile Map<String, Known> elsewhere = Map.of();
    private final AtomicLong generation = new AtomicLong();

    public Aggregator(Surroundings surroundings) {
        this.surroundings = surroundings;
        backends = new Backends(surroundings.identity, surroundings.random);
        relay = new Relay(new HttpClient(surroundings.loops, Duration.ofSeconds(5)), surroundings.callers);
        fetch = new ContentsFetch(relay);
        stale = new WorkQueue<>(
                new Backoff(Duration.ofMillis(500), REFRESH), "aggregated-discovery", surroundings.metrics);
    }

    /// Begins to follow.
    ///
    /// @param client of this API, as somebody who may do everything
    public void start(TaskScope scope, Client client) throws InterruptedException {
        var caches = new Informers(client);
        caches.of(Resources.API_SERVICES).onChange(this::changed);
        backends.follow(caches);
        run(
                new ControllerRun<>(new AvailabilityController(), new DiscoveryProbe(backends, relay)),
                caches,
                client,
                scope,
                WAITING);
        run(ControllerRun.of(new CustomGroupController()), caches, client, scope, WORKERS);
        for (int i = 0; i < WAITING; i++)
            scope.start("aggregated-discovery", () -> stale.process("aggregated-discovery", this::refresh));
        caches.start(scope);
        caches.of(Resources.API_SERVICES).awaitSync();
    }

    private <S> void run(ControllerRun<S> run, Informers caches, Client client, TaskScope scope, int workers) {
        Controller<S> controller = run.controller();
        var followed = controller.wiring().inputs().stream()
                .map(ControllerWiring.Input::type)
                .collect(Collectors.<ResourceType<?>>toSet());
        var executor = new ActionExecutor(
                new ClientWriter(client),
                (about, type, reason, message) -> {},
                surroundings.metrics::record,
                followed,
                Executors::newVirtualThreadPerTaskExecutor);
        new ControllerRunner<>(run, caches, executor, surroundings.metrics, surroundings.clock).start(scope, workers);
    }

    private void changed(APIService old, APIService now) {
        if (!now.exists()) {
            replace(old.name(), Optional.empty());
            return;
        }
        var registration = Registration.of(now);
        var before = Optional.ofNullable(all.get(now.name()));
        if (before.filter(known -> known.registration.equals(registration)).isPresent()) return;
        var kept = before.filter(known -> known.registration.backend().equals(registration.backend()));
        var secured = kept.map(Known::secured)
                .orElseGet(() -> registration
                        .backend()
                        .filter(backend -> !registration.group().equals(OWN))
                        .map(backend -> backends.new Secured(backend)));
        var contents = kept.map(Known::contents).orElse(Contents.UNKNOWN);
        replace(
                now.name(),
                Optional.of(new Known(registration, secured, registration.available() ? contents : contents.stale())));
        if (secured.isPresent()) stale.add(now.name());
    }

    private synchronized void replace(String name, Optional<Known> known) {
        var next = new HashMap<>(all);
        known.ifPresentOrElse(each -> next.put(name, each), () -> next.remove(name));
        all = Map.copyOf(next);
        var others = next.values().stream()
                .filter(each -> each.secured.isPresent())
                .collect(Collectors.toUnmodifiableMap(each -> each.registration.groupVersion(), each -> each));
        if (others.equals(elsewhere)) return;
        elsewhere = others;
        generation.incrementAndGet();
    }

    /// Asks a server again what it serves.
    ///
    /// @return whether it has answered
    private boolean refresh(String name) {
        var known = Optional.ofNullable(all.get(name));
        if (known.isEmpty() || known.get().secured.isEmpty()) return true;
        var before = known.get();
        var found = fetch.fetch(before.registration, before.secured.orElseThrow(), before.contents);
        fetched(name, before, found);
        if (!found.discovery().current()) return false;
        stale.addAfter(name, REFRESH);
        return true;
    }

    private synchronized void fetched(String name, Known before, Contents found) {
        // Whoever has changed meanwhile is asked again anyway.
        if (all.get(name) == before && !found.equals(before.contents)) replace(name, Optional.of(before.with(found)));
    }

    @Override
    public boolean serve(ApiRequest request) throws IOException {
        var served = elsewhere;
        if (served.isEmpty()) return false;
        var known = Optional.ofNullable(served.get(groupVersion(request.info())));
        if (known.isEmpty()) return false;
        relay(request, known.get());
        return true;
    }

    private void relay(ApiRequest request, Known to) throws IOException {
        relay.serve(
                request,
                to.registration.available(),
                to.secured.orElseThrow(),
                uri(request.call().path(), request.call().uri()));
    }

    private static String groupVersion(RequestInfo info) {
        if (info.resourceRequest()) return info.group() + "/" + info.version();
        var parts = info.path().replaceAll("^/+|/+$", "").split("/");
        if (parts.length == 3 && parts[0].equals("apis")) return parts[1] + "/" + parts[2];
        return parts.length == 2 && parts[0].equals("api") ? "/" + parts[1] : "";
    }

    /// The path as it was understood here, so that nobody behind understands it otherwise; the query as it was sent.
    private static String uri(String path, String sent) {
        try {
            var escaped = new URI(null, null, path, null).toASCIIString();
            int query = sent.indexOf('?');
            return query < 0 ? escaped : escaped + sent.substring(query);
        } catch (URISyntaxException e) {
            throw ApiException.badRequest("the path cannot be passed on");
        }
    }

    @Override
    public boolean serveOpenApi(ApiRequest request, String root) throws IOException {
        var known = Optional.ofNullable(elsewhere.get(root.replaceFirst("^apis/", "")))
                .filter(each -> each.contents.three().isPresent());
        if (known.isEmpty()) return false;
        switch (known.get().contents.three().orElseThrow()) {
            case PublishedThree.There there -> relay(request, known.get());
            case PublishedThree.Converted converted -> converted.document().respond(request, ContentTypes.JSON);
        }
        return true;
    }

    @Override
    public List<RegisteredVersion> versions() {
        var versions = new ArrayList<RegisteredVersion>();
        for (var known : all.values()) {
            var registration = known.registration;
            versions.add(new RegisteredVersion(
                    registration.group(),
                    registration.version(),
                    registration.groupPriority(),
                    registration.versionPriority(),
                    known.secured.map(secured -> known.contents.discovery())));
        }
        return versions;
    }

    @Override
    public List<Map<String, Object>> openApi2() {
        return elsewhere.values().stream()
                .sorted(Comparator.comparingInt((Known each) -> -each.registration.groupPriority())
                        .thenComparingInt(each -> -each.registration.versionPriority())
                        .thenComparing(each -> each.registration.name()))
                .flatMap(each -> each.contents.two().document().stream())
                .toList();
    }

    @Override
    public Map<String, String> openApi3() {
        var roots = new TreeMap<String, String>();
        for (var known : elsewhere.values()) {
            var root = known.registration.path().substring(1);
            known.contents.three().ifPresent(three -> roots.put(root, three.url(root)));
        }
        return roots;
    }

    @Override
    public long generation() {
        return generation.get();
    }

    @Override
    public void drain() {
        relay.drain();
    }
}
