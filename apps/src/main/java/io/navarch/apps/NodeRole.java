package io.navarch.apps;

import io.navarch.agent.LocalNode;
import io.navarch.agent.act.RegistryLogins;
import io.navarch.agent.credentials.Accounts;
import io.navarch.agent.credentials.NodeCredentials;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.ResourceConfig;
import io.navarch.agent.decide.ShutdownPeriods;
import io.navarch.agent.localpath.LocalDirectories;
import io.navarch.agent.placement.Shares;
import io.navarch.apps.endpoints.Endpoints;
import io.navarch.apps.endpoints.Listening;
import io.navarch.client.CallMetrics;
import io.navarch.client.Client;
import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.cri.GrpcRuntime;
import io.navarch.csi.GrpcDeviceSockets;
import io.navarch.csi.GrpcResourceSockets;
import io.navarch.csi.GrpcSockets;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.HttpServer;
import io.navarch.images.Containerd;
import io.navarch.images.ImageRecipe;
import io.navarch.images.ImageStore;
import io.navarch.images.NodeRegistry;
import io.navarch.images.RegistryNames;
import io.navarch.kinds.node.NodeGateways;
import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.podnetwork.BridgeNetwork;
import io.navarch.podnetwork.FollowedRoutes;
import io.navarch.podnetwork.OwnNetwork;
import io.navarch.podnetwork.PodRoutes;
import io.navarch.process.Metrics;
import io.navarch.process.Options;
import io.navarch.process.TaskScope;
import io.navarch.serviceproxy.NftTable;
import io.navarch.serviceproxy.ServiceProxy;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A node: containerd, agent and service proxy. It does not know where its API server is.
final class NodeRole implements AutoCloseable {
    /// How often it is looked whether the routes to other nodes' pods are still there.
    private static final long ROUTES_MILLIS = 5000;

    /// Calls of the API server and of those who measure, at a time.
    private static final int CALLS = 4096;

    private final TaskScope scope = new TaskScope();
    private final LocalNode agent;
    private final HttpServer registry;
    private final Endpoints endpoints;
    private final Object lock = new Object();
    /// The node's API, once it has a certificate; guarded by the lock.
    private Optional<HttpServer> api = Optional.empty();

    /// What the node shows to those who call it.
    interface Serving {
        /// The newest certificate; waits until there is one.
        SslContext context() throws InterruptedException;
    }

    /// @param api port of the node's API
    /// @param registry port of its own images, for this machine alone
    /// @param proxy where the service proxy tells of itself
    record Ports(int api, int registry, Listening.Proxy proxy) {}

    /// What the node is and what it was given.
    ///
    /// @param data for everything that is kept
    /// @param manifests of the pods that it runs by itself
    /// @param pods the addresses of its pods and of all, and its own
    record Place(
            Path data,
            String name,
            Ports ports,
            OwnNetwork pods,
            String dnsAddress,
            String domain,
            Path manifests,
            AgentConfig.Hardening hardening,
            AgentConfig.Eviction eviction,
            ShutdownPeriods shutdown,
            ResourceConfig resources) {}

    /// How the node reaches the API.
    ///
    /// @param client as the node's own user
    /// @param caches of Services and their endpoints, not started yet
    /// @param images where those are that this node does not have itself
    /// @param server the API's, as it is told in metrics
    /// @param flags with which the process was started
    /// @param certificates until when the node's hold
    record Access(
            Client client,
            Informers caches,
            NodeRegistry.Upstream images,
            String server,
            Map<String, String> flags,
            Supplier<CertificateTimes> certificates) {}

    NodeRole(Place place, Access access, Serving serving, EventLoops eventLoops)
            throws IOException, InterruptedException {
        var data = place.data;
        var containerd = new Containerd(data);
        var config = new AgentConfig(
                place.name,
                place.pods.address(),
                place.ports.api,
                data.resolve("kubelet"),
                containerd.root(),
                Path.of("/var/log/pods"),
                place.manifests,
                place.dnsAddress,
                place.domain,
                place.pods.podCidr(),
                ControlPlane.VERSION,
                place.hardening,
                place.eviction,
                place.shutdown,
                place.resources);
        // Before anything is started: the node may have to be as it cannot be.
        var shares = shares(config);
        var clock = InstantSource.system();
        var logins = logins(config, access.client, clock);
        var store = new ImageStore(data.resolve("images"));
        var names = new RegistryNames(place.domain);
        registry = HttpServer.plain(
                eventLoops,
                new InetSocketAddress("127.0.0.1", place.ports.registry),
                Host.limits().withConnections(256),
                new NodeRegistry(store, names, access.images)::serve);
        if (!store.has(Containerd.PAUSE_IMAGE)) {
            var ignored = ImageRecipe.pause().build(store);
        }
        BridgeNetwork.configure(containerd.cniConfig(), data.resolve("cni/state"), place.pods.podCidr());
        var counted = new Metrics();
        var runtime = new GrpcRuntime(containerd.socket(), eventLoops.group(), counted);
        var keeper = new RuntimeKeeper(
                containerd,
                place.ports.registry,
                runtime::version,
                clock,
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        CertificateTimes.tell(counted, access.certificates, clock);
        keeper.begin();
        keeper.start(scope);
        agent = new LocalNode(
                config,
                shares,
                logins,
                access.client.counted(new CallMetrics(counted, access.server, System::nanoTime)),
                runtime,
                new GrpcSockets(eventLoops.group()),
                new GrpcDeviceSockets(eventLoops.group()),
                new GrpcResourceSockets(eventLoops.group()),
                keeper::away,
                new HttpClient(eventLoops, Duration.ofSeconds(2)),
                access.caches.of(Resources.SERVICES),
                new LocalNode.Introspection(counted, access.flags),
                clock,
                new SecureRandom());
        var table = new NftTable(place.pods.podCidr(), place.pods.clusterCidr());
        var cni = data.resolve("cni/state");
        var proxy = new ProxyEndpoints(eventLoops, clock, agent::eligible);
        endpoints = proxy.endpoints();
        proxy.listen(place.ports.proxy);
        new ServiceProxy(
                        access.caches,
                        agent.pods(),
                        place.name,
                        table,
                        () -> BridgeNetwork.routeLoopback(cni),
                        proxy.metrics())
                .start(scope);
        var kernel = new PodRoutes();
        var routes = new FollowedRoutes(gateways -> kernel.follow(gateways, place.pods));
        follow(routes, Informer.ofOne(access.client, Resources.CONFIG_MAPS, NodeGateways.KEY));
        access.caches.start(scope);
        agent.start();
        new LocalDirectories(access.client, place.name, data.resolve("volumes"), clock).start(scope);
        scope.start("node-api", () -> serve(place.ports.api, serving, eventLoops));
    }

    private static RegistryLogins logins(AgentConfig config, Client client, InstantSource clock) {
        var programs = config.resources().logins();
        if (programs.isEmpty()) return RegistryLogins.NONE;
        var directory = programs.get().directory();
        try {
            var providers = NodeCredentials.read(programs.get().config(), directory);
            return NodeCredentials.of(providers, directory, Accounts.of(client), clock);
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static Shares shares(AgentConfig config) throws IOException {
        try {
            return LocalNode.shares(config);
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException(String.valueOf(e.getMessage()));
        }
    }

    /// Waits until the node is registered and knows all of its pods.
    void awaitReady() throws InterruptedException {
        agent.awaitReady();
    }

    /// The same; false when that takes longer.
    boolean awaitReady(Duration most) throws InterruptedException {
        return agent.awaitReady(most);
    }

    /// As long as nobody says otherwise, the nodes are where they were.
    private void follow(FollowedRoutes routes, Informer<ConfigMap> networks) {
        var changed = new Semaphore(0);
        networks.onChange((old, now) -> changed.release());
        networks.start(scope);
        scope.every("pod-routes", 0, () -> {
            networks.awaitSync();
            boolean ignored = changed.tryAcquire(ROUTES_MILLIS, TimeUnit.MILLISECONDS);
            changed.drainPermits();
            routes.follow(NodeGateways.read(networks.get(NodeGateways.KEY)).byNetwork());
        });
    }

    private void serve(int port, Serving serving, EventLoops eventLoops) throws IOException, InterruptedException {
        var first = serving.context();
        synchronized (lock) {
            if (scope.closed()) return;
            api = Optional.of(HttpServer.secure(
                    eventLoops,
                    new InetSocketAddress("0.0.0.0", port),
                    name -> newest(serving, first),
                    Host.limits().withConnections(CALLS),
                    agent.api()::handle));
        }
    }

    private static SslContext newest(Serving serving, SslContext otherwise) {
        try {
            return serving.context();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        }
    }

    @Override
    public void close() {
        scope.close();
        synchronized (lock) {
            api.ifPresent(HttpServer::close);
        }
        agent.close();
        endpoints.close();
        registry.close();
    }
}
