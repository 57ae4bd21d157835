package io.navarch.apps;

import io.navarch.agent.LocalNode;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.client.Client;
import io.navarch.client.Informers;
import io.navarch.cri.GrpcRuntime;
import io.navarch.dns.ClusterZone;
import io.navarch.dns.DnsLimits;
import io.navarch.dns.DnsServer;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.HttpServer;
import io.navarch.images.Containerd;
import io.navarch.images.ImageRecipe;
import io.navarch.images.ImageStore;
import io.navarch.ingress.IngressProxy;
import io.navarch.kinds.endpointslice.EndpointSlices;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.objects.Addresses;
import io.navarch.objects.ObjectKey;
import io.navarch.podnetwork.BridgeNetwork;
import io.navarch.process.TaskScope;
import io.navarch.serviceproxy.ServiceProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// A node: containerd, agent, service proxy, DNS and ingress.
final class NodeRole implements AutoCloseable {
    private static final int AGENT_PORT = 10250;
    private static final int REGISTRY_PORT = 10270;
    static final int DNS_PORT = 10053;

    private final TaskScope scope = new TaskScope();
    private final LocalNode agent;
    private final HttpServer api;
    private final HttpServer registry;
    private final DnsServer dns;
    private final IngressProxy ingress;

    /// @param client as the node's own user
    /// @param network a client for DNS, service proxy and ingress, which see more than a node may
    NodeRole(ServerConfig config, LiveCertificates certificates, EventLoops eventLoops, Client client, Client network)
            throws IOException, InterruptedException {
        var data = config.dataDirectory();
        var podCidr = BridgeNetwork.nodeCidr(config.network().clusterCidr());
        var store = new ImageStore(data.resolve("images"));
        registry = HttpServer.plain(eventLoops, new InetSocketAddress("127.0.0.1", REGISTRY_PORT), store::serve);
        if (!store.has(Containerd.PAUSE_IMAGE)) ImageRecipe.pause().build(store);
        var containerd = new Containerd(data);
        BridgeNetwork.configure(containerd.cniConfig(), data.resolve("cni/state"), podCidr);
        containerd.start(REGISTRY_PORT);
        var http = new HttpClient(eventLoops, Duration.ofSeconds(2));
        var caches = new Informers(network);
        new ServiceProxy(caches, config.node().name(), podCidr).start(scope);
        dns = dns(config, caches);
        dns.start(scope);
        var names = new ServingNames(List.of(config.node().name(), config.node().address(), "127.0.0.1"), Host::local);
        var tls = certificates.server(() -> certificates
                .pki()
                .server("kubelet", "system:node:" + config.node().name(), names.now()));
        ingress = new IngressProxy(caches, network, http, config.node().address(), tls);
        ingress.start(eventLoops, scope, 80, 443);
        caches.start(scope);
        var clock = InstantSource.system();
        var runtime = new GrpcRuntime(containerd.socket(), eventLoops.group());
        agent = new LocalNode(
                new AgentConfig(
                        config.node().name(),
                        config.node().address(),
                        AGENT_PORT,
                        data.resolve("kubelet"),
                        Path.of("/var/log/pods"),
                        config.network().dnsAddress(),
                        config.network().clusterDomain(),
                        podCidr,
                        ControlPlane.VERSION,
                        config.node().hardening()),
                client,
                runtime,
                http,
                caches.of(Resources.SERVICES),
                clock);
        agent.start();
        api = HttpServer.secure(
                eventLoops, new InetSocketAddress("0.0.0.0", AGENT_PORT), name -> tls.get(), agent.api()::handle);
    }

    private static DnsServer dns(ServerConfig config, Informers caches) throws IOException {
        var services = caches.of(Resources.SERVICES);
        var slices = caches.of(Resources.ENDPOINT_SLICES).indexedBy("service", EndpointSlices::serviceKeys);
        var namespaces = caches.of(Resources.NAMESPACES);
        var zone = new ClusterZone(config.network().clusterDomain(), new ClusterZone.Source() {
            @Override
            public Service service(ObjectKey key) {
                return services.get(key);
            }

            @Override
            public List<EndpointSlice> slices(ObjectKey service) {
                return slices.byIndex("service", service.toString());
            }

            @Override
            public boolean namespace(String name) {
                return namespaces.get(new ObjectKey("", name)).exists();
            }
        });
        var upstreams = Files.readAllLines(Path.of("/etc/resolv.conf")).stream()
                .filter(line -> line.startsWith("nameserver "))
                .map(line -> line.substring("nameserver ".length()).strip())
                .filter(address -> address.matches("[0-9.]+") && Addresses.isAddress(address))
                // Asking ourselves would never end.
                .filter(address -> !address.equals(config.network().dnsAddress()))
                .limit(3)
                .map(address -> new InetSocketAddress(address, 53))
                .toList();
        var networks = List.of(
                config.network().clusterCidr(),
                config.network().serviceCidr(),
                config.node().address() + "/32");
        return new DnsServer(
                zone,
                config.network().clusterDomain(),
                upstreams,
                client -> client.isLoopbackAddress()
                        || networks.stream().anyMatch(each -> Addresses.contains(each, client.getHostAddress())),
                DnsLimits.USUAL,
                new InetSocketAddress(config.node().address(), DNS_PORT));
    }

    @Override
    public void close() {
        api.close();
        ingress.close();
        dns.close();
        scope.close();
        agent.close();
        registry.close();
    }
}
