package io.navarch.apps;

import io.navarch.apps.snapshot.DataFormat;
import io.navarch.apps.snapshot.DataLock;
import io.navarch.apps.snapshot.Restore;
import io.navarch.apps.usage.Usage;
import io.navarch.bootstrap.NodeObjects;
import io.navarch.cli.KubeconfigFile;
import io.navarch.client.Informers;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.PemCertificates;
import io.navarch.images.ImageStore;
import io.navarch.images.NodeRegistry;
import io.navarch.images.RegistryNames;
import io.navarch.kinds.node.PodNetworks;
import io.navarch.pki.Pki;
import io.navarch.podnetwork.OwnNetwork;
import io.navarch.process.LogOptions;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.TaskScope;
import io.navarch.schema.admission.User;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.LoggerFactory;

/// `navarch server`: the control plane, and a node unless told otherwise, until a signal comes.
final class ServerCommand {
    private static final int AGENT_PORT = 10250;
    private static final int REGISTRY_PORT = 10270;

    private ServerCommand() {}

    static final Usage USAGE = Usage.of(
            "server",
            "a control plane and, unless told otherwise, a node, in the foreground",
            List.of(Usage.line("server [OPTIONS]", "what `navarch up` leaves to a supervisor")),
            List.of(
                    Usage.line("navarch server --no-node", "the control plane alone"),
                    Usage.line(
                            "navarch server --no-node --hollow-nodes 100", "with nodes that only say they run pods")),
            ServerOptions.DECLARED);

    static int run(List<String> arguments, Map<String, String> environment) throws IOException, InterruptedException {
        var options = Options.parse(ServerOptions.DECLARED, arguments, environment);
        var config = ServerOptions.read(options, Host.local());
        var logging = LogOptions.read(options);
        Logs.configure(logging, Lookout.log(options));
        DataDirectory.prepare(config.dataDirectory());
        try (var held = DataLock.take(config.dataDirectory())) {
            serve(config, options, environment, held);
        }
        return 0;
    }

    private static void serve(ServerConfig config, Options options, Map<String, String> environment, DataLock held)
            throws IOException, InterruptedException {
        var serving = config.serving();
        if (Restore.finish(held))
            LoggerFactory.getLogger(ServerCommand.class).info("a restore that was interrupted is complete now");
        DataDirectory.expectAuthority(config.dataDirectory());
        DataFormat.prepare(
                config.dataDirectory(),
                ControlPlane.VERSION,
                InstantSource.system().instant());
        Executor beside = task -> Thread.ofPlatform().daemon().name("keys").start(task);
        var pki = new Pki(config.dataDirectory().resolve("pki"), InstantSource.system(), beside);
        var certificates = new LiveCertificates(pki);
        certificates.keepBeside(
                certificates.certified(() -> pki.administrator(User.MASTERS)),
                administrator -> kubeconfig(config, administrator),
                beside);
        try (var signals = new Signals();
                var scope = new TaskScope();
                var eventLoops = new EventLoops(2);
                var plane = new ControlPlane(config, certificates, eventLoops);
                var lookout = Lookout.of(options, environment)) {
            SpareHeap.start(scope);
            plane.tellOf(config.introspection().plane());
            lookout.start(OwnCall.secure(
                    new HttpClient(eventLoops, Duration.ofSeconds(2)), serving.bindAddress(), plane.port(), "/livez"));
            LoggerFactory.getLogger(ServerCommand.class)
                    .info("serving the API at https://{}:{}", serving.advertiseAddress(), serving.port());
            var ready = "serves the API at " + serving.advertiseAddress() + ":" + plane.port();
            Rest until = () -> {
                lookout.ready(ready);
                signals.await();
            };
            if (config.node().runs()) withNode(config, certificates, eventLoops, plane, until);
            else until.live();
        }
    }

    /// What is left to do once everything has been started.
    private interface Rest {
        void live() throws InterruptedException;
    }

    private static void withNode(
            ServerConfig config, LiveCertificates certificates, EventLoops eventLoops, ControlPlane plane, Rest until)
            throws IOException, InterruptedException {
        var node = config.node();
        var network = config.network();
        var own = new NodeObjects(plane.client(User.of("system:apiserver", User.MASTERS), "navarch"));
        var told = config.introspection();
        own.dnsService(
                network.dnsAddress(),
                node.address(),
                new NodeObjects.DnsPorts(
                        ClusterServices.DNS_PORT, told.network().dns().port()));
        var names = new ServingNames(List.of(node.name(), node.address(), "127.0.0.1"), Host::local);
        LiveCertificates.Source<Pki.Pair> shows =
                () -> certificates.pki().server("kubelet", "system:node:" + node.name(), names.now());
        var tls = certificates.server(shows);
        // The world sees this one: it has a key of its own, and asks nobody for a certificate.
        var shown = certificates.shown();
        var client = plane.client(User.of("navarch:network"), "navarch-network");
        var caches = new Informers(client);
        var place = new NodeRole.Place(
                config.dataDirectory(),
                node.name(),
                new NodeRole.Ports(AGENT_PORT, REGISTRY_PORT, told.proxy()),
                new OwnNetwork(
                        network.clusterCidr(),
                        own.network(node.name(), new PodNetworks(network.clusterCidr())),
                        node.address()),
                network.dnsAddress(),
                network.clusterDomain(),
                node.manifests(),
                node.hardening(),
                node.eviction(),
                node.shutdown(),
                node.resources());
        var access = new NodeRole.Access(
                plane.client(User.of("system:node:" + node.name(), User.NODES), "kubelet"),
                caches,
                NodeRegistry.Upstream.NONE,
                plane.host(),
                told.flags(),
                () -> new CertificateTimes(Optional.empty(), end(shows), 0, 0));
        var here = new ClusterServices.Place(
                node.address(),
                network.clusterDomain(),
                network.dnsAddress(),
                List.of(network.clusterCidr(), network.serviceCidr()));
        try (var services = new ClusterServices(here, eventLoops, client, caches, shown, told.network());
                var registry = registry(config, certificates, eventLoops, plane);
                var role = new NodeRole(place, access, tls::get, eventLoops)) {
            role.awaitReady();
            own.markControlPlane(node.name());
            until.live();
        }
    }

    /// Whoever is in this process needs no certificate to call the API.
    private static Optional<Instant> end(LiveCertificates.Source<Pki.Pair> shown) {
        try {
            var certificate = PemCertificates.read(shown.read().certificate()).getFirst();
            return Optional.of(certificate.getNotAfter().toInstant());
        } catch (IOException e) {
            LoggerFactory.getLogger(ServerCommand.class).debug("the node's certificate", e);
            return Optional.empty();
        }
    }

    private static Closeable registry(
            ServerConfig config, LiveCertificates certificates, EventLoops eventLoops, ControlPlane plane)
            throws IOException {
        var node = config.node();
        if (node.registryPort() == 0) return () -> {};
        var names = new RegistryNames(config.network().clusterDomain());
        var shown = new ArrayList<>(names.all());
        shown.addAll(List.of(node.name(), node.address(), "localhost", "127.0.0.1"));
        return new RegistryRole(
                new ImageStore(config.dataDirectory().resolve("images")),
                names,
                new InetSocketAddress(node.address(), node.registryPort()),
                eventLoops,
                certificates.server(() -> certificates.pki().server("registry", RegistryNames.CANONICAL, shown)),
                plane.client(User.of("system:apiserver", User.MASTERS), "navarch"));
    }

    /// Written anew with each new certificate and authority.
    private static Path kubeconfig(ServerConfig config, LiveCertificates.Certified administrator) throws IOException {
        var serving = config.serving();
        var kubeconfig = KubeconfigFile.admin(
                "https://" + serving.advertiseAddress() + ":" + serving.port(),
                administrator.authority(),
                administrator.pair().certificate(),
                administrator.pair().key());
        var file = config.dataDirectory().resolve("admin.kubeconfig");
        KubeconfigFile.write(file, kubeconfig);
        if (!serving.kubeconfigOut().isEmpty()) KubeconfigFile.write(Path.of(serving.kubeconfigOut()), kubeconfig);
        return file;
    }
}
