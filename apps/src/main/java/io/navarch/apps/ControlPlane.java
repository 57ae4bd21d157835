package io.navarch.apps;

import io.navarch.admission.ConfiguredAdmission;
import io.navarch.aggregation.Aggregator;
import io.navarch.apiserver.ApiServer;
import io.navarch.apiserver.ApiServerParts;
import io.navarch.apiserver.access.Authenticator;
import io.navarch.apiserver.access.RbacAuthorizer;
import io.navarch.apiserver.access.TokenKeys;
import io.navarch.apiserver.audit.Auditor;
import io.navarch.apiserver.cache.MeasuredStore;
import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.discovery.InfoDocuments;
import io.navarch.apiserver.flow.LiveHeap;
import io.navarch.apiserver.proxy.Forwarder;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.BodyBudget;
import io.navarch.apps.endpoints.Endpoints;
import io.navarch.apps.endpoints.Guard;
import io.navarch.apps.endpoints.Listening;
import io.navarch.apps.snapshot.SnapshotSchedule;
import io.navarch.apps.snapshot.SnapshotSocket;
import io.navarch.authentication.BearerTokenChain;
import io.navarch.authentication.TokenAuthenticator;
import io.navarch.authentication.WebhookTokens;
import io.navarch.authorization.ConfiguredAuthorizers;
import io.navarch.bootstrap.Bootstrap;
import io.navarch.bootstrap.Joining;
import io.navarch.bootstrap.LegacyTokenUse;
import io.navarch.bootstrap.PublishedAuthority;
import io.navarch.bootstrap.PublishedNetworks;
import io.navarch.client.CallMetrics;
import io.navarch.client.Client;
import io.navarch.client.Informers;
import io.navarch.client.RemoteReview;
import io.navarch.client.Webhooks;
import io.navarch.encryption.EncryptionAtRest;
import io.navarch.encryption.KeyLayout;
import io.navarch.hollow.HollowNodes;
import io.navarch.http.Doorway;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.HttpServer;
import io.navarch.inprocess.InProcessTransport;
import io.navarch.kinds.BuiltInKinds;
import io.navarch.kinds.BuiltInSubresources;
import io.navarch.kinds.customresource.SchemaRules;
import io.navarch.kinds.event.EventKinds;
import io.navarch.kinds.node.PodNetworks;
import io.navarch.kinds.secret.BootstrapTokens;
import io.navarch.kinds.serviceaccount.ServiceAccountTokens;
import io.navarch.kinds.serviceaccount.TokenCodec;
import io.navarch.model.ComponentStatus;
import io.navarch.model.ConditionStatus;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.process.SystemTimers;
import io.navarch.process.TaskScope;
import io.navarch.process.Timers;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.resourcemetrics.MetricsApi;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.admission.User;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.protobuf.ProtobufMessages;
import io.navarch.store.EmbeddedStore;
import io.navarch.store.Store;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// API server, controllers and scheduler, in this process.
public final class ControlPlane implements AutoCloseable {
    static final String VERSION = "v1.36.0+navarch.0.1.0";

    private static final Metric CONNECTIONS =
            Metric.gauge("navarch_apiserver_connections", "Open connections of clients.");
    private static final Metric WAITING = Metric.gauge(
            "navarch_apiserver_waiting_bytes",
            "What clients have sent and nobody read, or not taken of their answers.");
    private static final Metric LIVE =
            Metric.gauge("navarch_heap_live_bytes", "Heap in use after the last garbage collection.");

    /// How long calls may take to finish when the server stops.
    private static final Duration DRAINING = Duration.ofSeconds(60);

    /// How long a service may take that is asked whose a token is.
    private static final Duration WEBHOOK = Duration.ofSeconds(10);

    /// So many calls for each processor may begin at a time: what a millisecond is enough for.
    private static final int IN_THE_DOOR = 2;

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    private final TaskScope scope = new TaskScope();
    private final EncryptionAtRest encryption;
    private final BearerTokenChain bearers;
    private final ConfiguredAuthorizers authorizers;
    private final Webhooks webhooks;
    private final Store store;
    private final SnapshotSocket snapshots;
    private final LiveHeap heap;
    private final Storage storage;
    private final ApiServer server;
    private final HttpServer listener;
    private final InstantSource clock = InstantSource.system();
    private final Metrics metrics = new Metrics();
    private final LiveCertificates certificates;
    private final Auditor auditor;
    private final TracingParts tracing;
    private final Controllers controllers;
    private final String advertised;
    private final Supplier<SslContext> tls;
    private final Guard guard;
    private final Endpoints endpoints;

    /// Forgets all history but the present, which otherwise happens after a while.
    public void compact() throws InterruptedException {
        storage.forget(store.revision());
    }

    public ControlPlane(ServerConfig config, LiveCertificates certificates, EventLoops eventLoops) throws IOException {
        this.certificates = certificates;
        advertised = config.serving().advertiseAddress();
        var pki = certificates.pki();
        RandomGenerator random = new SecureRandom();
        var timers = new SystemTimers(scope);
        var signing = tokenKeys(certificates);
        var types = BuiltInKinds.types();
        var kinds = EventKinds.kept(config.keeping().events(), BuiltInKinds.all(types));
        var files = new EmbeddedStore(config.dataDirectory().resolve("store"), clock);
        try {
            encryption = EncryptionAtRest.open(
                    files,
                    config.encryption(),
                    layout(kinds),
                    new EncryptionAtRest.Surroundings(
                            config.dataDirectory().resolve("encryption-status.json"),
                            clock,
                            new SecureRandom(),
                            metrics));
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
        store = new MeasuredStore(encryption.store(), kinds, metrics, System::nanoTime);
        snapshots = new SnapshotSocket(config.dataDirectory(), files::snapshot);
        heap = new LiveHeap(Runtime.getRuntime().maxMemory());
        storage = new Storage(store, heap.size());
        var resources = new Resources(storage);
        var tokens = new ServiceAccountTokens(
                new TokenCodec(
                        claims -> signing.get().sign(claims),
                        token -> signing.get().verify(token)),
                "https://kubernetes.default.svc." + config.network().clusterDomain(),
                clock,
                resources,
                new LegacyTokenUse(() -> own(), clock));
        var roles = new RbacAuthorizer(resources);
        bearers = new BearerTokenChain(
                new BearerTokenChain.Sources(
                        config.authentication().configuration(),
                        recognisers(config.authentication(), eventLoops, timers, random),
                        tokens.issuer()),
                clock,
                metrics);
        authorizers = new ConfiguredAuthorizers(
                config.authorization(),
                new BuiltInAuthorizers(resources, roles)::of,
                new ConfiguredAuthorizers.Surroundings(
                        eventLoops,
                        timers,
                        random,
                        clock,
                        metrics,
                        new ServerId(config.node().name()).text()));
        var authorizer = authorizers.chain();
        var admission = new AdmissionPlugins(config, authorizer::permits, clock, random);
        webhooks = new Webhooks(eventLoops, new WebhookServices(resources));
        var token = config.serving().token();
        Map<String, User> fixed = token.isEmpty() ? Map.of() : Map.of(token, User.of("kubernetes-admin", User.MASTERS));
        var proxies = pki.frontProxy();
        var shown = config.authentication().frontProxy().identity(certificates, proxies);
        var aggregator = new Aggregator(new Aggregator.Surroundings(
                eventLoops, shown, config.authentication().frontProxy()::says, clock, random, metrics));
        tracing = new TracingParts(
                config.tracing(),
                scope,
                clock,
                random,
                metrics,
                new ServerId(config.node().name()).text());
        auditor = config.audit().auditor(new AuditConfig.Surroundings(metrics, clock, timers, random, eventLoops));
        var measured = new MetricsApi(aggregator, clock, config.dataDirectory().resolve("usage"));
        var authenticator = new Authenticator(
                new Tokens(tokens, new BootstrapTokens(resources, clock), bearers),
                config.authentication().frontProxy().users(certificates),
                fixed,
                clock,
                path -> config.authentication().anonymous()
                        && bearers.anonymous().permits(path));
        guard = new Guard(authenticator, authorizer);
        server = new ApiServer(new ApiServerParts(
                storage,
                resources,
                new ApiServerParts.Kinds(
                        kinds,
                        types.get("V1ObjectMeta"),
                        SchemaRules::of,
                        new KindTypeNames(types),
                        new Protobuf(
                                new ProtobufMessages(types::message, () -> types.get("V1JSONSchemaProps")),
                                types::find),
                        BuiltInSubresources.all(tokens, config.serving().longestToken(), clock),
                        new ConversionWebhooks(webhooks),
                        Map.of("componentstatuses", ControlPlane::components)),
                new ApiServerParts.Access(
                        authenticator,
                        authorizer,
                        roles,
                        new InfoDocuments.Issuer(
                                tokens.issuer(), () -> signing.get().publicKeys())),
                new ApiServerParts.Plugins(
                        admission.mutating(),
                        admission.validating(),
                        new ConfiguredAdmission(resources, authorizer, webhooks, admission.asked(), metrics)),
                config.traffic(),
                forwarder(certificates, config.authentication().frontProxy()::says, eventLoops),
                measured,
                new ApiServerParts.Surroundings(
                        clock,
                        random,
                        timers,
                        metrics,
                        config.introspection().component("apiserver"),
                        BodyBudget.ofHeap(heap.size(), heap::scarce),
                        Runtime.getRuntime().availableProcessors()),
                auditor,
                tracing.tracing()));
        var names = new ServingNames(config.certificateNames(), Host::local);
        tls = certificates.asking(
                () -> pki.server("apiserver", "kube-apiserver", names.now()),
                () -> config.authentication().frontProxy().authorities());
        endpoints = new Endpoints(eventLoops, Host.limits(heap::scarce));
        try {
            listener = HttpServer.secure(
                    eventLoops,
                    new InetSocketAddress(
                            config.serving().bindAddress(), config.serving().port()),
                    name -> tls.get(),
                    Host.limits(heap::scarce),
                    new Doorway(IN_THE_DOOR * Runtime.getRuntime().availableProcessors(), System::nanoTime),
                    server::handle);
        } catch (IOException e) {
            store.close();
            throw e;
        }
        metrics.registerGauges(() ->
                List.of(CONNECTIONS.of(listener.connections()), WAITING.of(listener.waiting()), LIVE.of(heap.live())));
        server.start(config.keeping().history());
        encryption.start(scope, storage::forget);
        bearers.start(scope);
        authorizers.start(scope);
        controllers =
                new Controllers(this::client, config, certificates, tokens, PartMetrics.of(host()), clock, random);
        new Bootstrap(own())
                .run(
                        new Bootstrap.Cluster(
                                config.network().serviceCidr(),
                                config.network().apiServerAddress(),
                                config.serving().advertiseAddress(),
                                listener.port()),
                        kinds,
                        controllers.roles(),
                        clock.instant());
        certificates.keep(pki::authorityPem, authority -> publish(config, authority));
        certificates.keep(
                () -> List.of(pki.authorityPem(), proxies.authorityPem()),
                trusted -> extensions(config, trusted.getFirst(), trusted.getLast()));
        certificates.start(scope);
        snapshots.start(scope);
        new SnapshotSchedule(config.keeping().snapshots(), config.dataDirectory(), files::snapshot, VERSION, clock)
                .start(scope);
        controllers.start(scope);
        networks(config.network());
        measured.start(scope, own(), controllers.caches());
        if (config.hollow().count() > 0) hollow(config.hollow(), random);
        try {
            aggregator.start(scope, own());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        certificates.settled();
        server.ready();
    }

    private static KeyLayout layout(List<KindDefinition> kinds) {
        var prefixes = new HashMap<String, KeyLayout.Resource>();
        // A kind that is served by several groups is stored, and configured, by the name of the first.
        for (var kind : kinds)
            prefixes.putIfAbsent(kind.storagePrefix(), new KeyLayout.Resource(kind.group(), kind.plural()));
        return new KeyLayout(prefixes);
    }

    private List<TokenAuthenticator> recognisers(
            ServerConfig.Authentication config, EventLoops eventLoops, Timers timers, RandomGenerator random)
            throws IOException {
        var all = new ArrayList<>(config.others());
        if (config.webhook().isPresent()) {
            var webhook = new RemoteReview(config.webhook().get(), WEBHOOK, eventLoops, timers, random);
            all.add(new WebhookTokens(webhook, config.webhookVersion(), config.webhookKept(), clock));
        }
        return all;
    }

    private void hollow(ServerConfig.HollowNodes nodes, RandomGenerator random) {
        var client = client(User.of("hollow-nodes", User.MASTERS), "kubelet");
        var caches = new Informers(client);
        new HollowNodes(client, nodes.count(), nodes.behaviour(), VERSION, clock, random).start(scope, caches);
        caches.start(scope);
    }

    /// The parts of the control plane. They share this process, so they are healthy if it answers.
    private static List<Map<String, Object>> components() {
        return Stream.of("scheduler", "controller-manager", "etcd-0")
                .map(name -> ComponentStatus.builder()
                        .apiVersion("v1")
                        .kind("ComponentStatus")
                        .metadata(metadata -> metadata.name(name))
                        .addConditions(condition -> condition
                                .type("Healthy")
                                .status(ConditionStatus.TRUE)
                                .message("ok"))
                        .map())
                .toList();
    }

    /// Tells extension API servers whom to believe.
    private String extensions(ServerConfig config, String clients, String proxies) throws IOException {
        new PublishedAuthority(own())
                .update(clients, config.authentication().frontProxy().published(proxies));
        return proxies;
    }

    /// Tells those who read of it in the API whom to trust.
    private String publish(ServerConfig config, String authority) throws IOException {
        var client = own();
        var cluster = new Joining.Cluster(
                "https://" + config.serving().advertiseAddress() + ":" + listener.port(),
                authority,
                VERSION,
                config.network().clusterCidr(),
                config.network().serviceCidr(),
                config.network().clusterDomain(),
                config.network().dnsAddress());
        // Nobody who is here waits for what those who join find.
        scope.start("joining", () -> new Joining(client.as("kubeadm")).keepTrying(cluster));
        return authority;
    }

    /// Tells nodes how to reach each other's pods.
    private void networks(ServerConfig.Network network) {
        var client = client(User.of("system:apiserver", User.MASTERS), "navarch");
        new PublishedNetworks(client, controllers.caches(), new PodNetworks(network.clusterCidr())).start(scope);
    }

    @SuppressWarnings("ThreadPriorityCheck") // Nobody waits for the keys, and others start meanwhile.
    private static Supplier<TokenKeys> tokenKeys(LiveCertificates certificates) throws IOException {
        var beside = Thread.ofPlatform().daemon().name("token-keys").priority(Thread.MIN_PRIORITY);
        return certificates.serviceAccountKeys(
                keys -> new TokenKeys(
                        (RSAPrivateKey) keys.signing(),
                        (RSAPublicKey) keys.own(),
                        keys.former().stream().map(RSAPublicKey.class::cast).toList()),
                beside::start);
    }

    private static Forwarder forwarder(LiveCertificates certificates, Predicate<String> identity, EventLoops eventLoops)
            throws IOException {
        var pki = certificates.pki();
        var tls = certificates.client(
                () -> pki.client("apiserver-kubelet-client", "kube-apiserver-kubelet-client", User.MASTERS));
        return new Forwarder(new HttpClient(eventLoops, Duration.ofSeconds(5)), tls, identity);
    }

    /// What each controller reads and writes.
    public List<ControllerWiring> controllers() {
        return controllers.wired();
    }

    /// What is stored under a key, for tests.
    public Optional<byte[]> stored(String key) {
        return store.get(key).map(Store.KeyValue::value);
    }

    /// Where the API is served, also if the configuration said 0.
    public int port() {
        return listener.port();
    }

    /// A client of the API in this process, as this user.
    public Client client(User user, String manager) {
        return new Client(new InProcessTransport(server::handle, user), manager);
    }

    /// Serves what the parts other than the API server tell of themselves.
    ///
    /// @return the ports
    public List<Integer> tellOf(Listening.Plane places) throws IOException {
        endpoints.secure(places.controllerManager(), tls, guard, controllers.controllerPages()::answer);
        endpoints.secure(places.scheduler(), tls, guard, controllers.schedulerPages()::answer);
        return endpoints.ports();
    }

    /// Calls of the API server to itself.
    private Client own() {
        return client(User.of("system:apiserver", User.MASTERS), "kube-apiserver")
                .counted(new CallMetrics(metrics, host(), System::nanoTime));
    }

    /// Where the API is, as metrics name it.
    String host() {
        return advertised + ":" + listener.port();
    }

    /// Stops taking calls, lets those under way finish, ends watches, and then closes everything.
    @Override
    public void close() {
        listener.stopListening();
        endpoints.close();
        snapshots.close();
        scope.close();
        try {
            if (!server.drain(DRAINING)) LOG.warn("calls were still running after {} s", DRAINING.toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
        listener.close();
        bearers.close();
        authorizers.close();
        webhooks.close();
        heap.close();
        store.close();
        certificates.finish();
        tracing.close();
        try {
            auditor.close();
        } catch (IOException e) {
            LOG.warn("the audit log: {}", e.getMessage());
        }
    }
}
