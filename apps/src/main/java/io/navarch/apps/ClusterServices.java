package io.navarch.apps;

import io.navarch.client.Client;
import io.navarch.client.Informers;
import io.navarch.dns.ClusterZone;
import io.navarch.dns.DnsLimits;
import io.navarch.dns.DnsServer;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.ingress.IngressProxy;
import io.navarch.kinds.endpointslice.EndpointSlices;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Node;
import io.navarch.model.NodeAddress;
import io.navarch.model.NodeAddressType;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.objects.Addresses;
import io.navarch.objects.ObjectKey;
import io.navarch.process.TaskScope;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// What the whole cluster uses and what runs beside the control plane: DNS and ingress. They read more than a node may.
final class ClusterServices implements AutoCloseable {
    static final int DNS_PORT = 10053;
    private static final String BY_ADDRESS = "address";

    private final TaskScope scope = new TaskScope();
    private final DnsServer dns;
    private final IngressProxy ingress;

    /// @param caches of the client, not started yet
    /// @param tls what the ingress shows where no Ingress says otherwise
    ClusterServices(
            ServerConfig config, EventLoops eventLoops, Client client, Informers caches, Supplier<SslContext> tls)
            throws IOException {
        dns = dns(config, caches);
        dns.start(scope);
        var http = new HttpClient(eventLoops, Duration.ofSeconds(2));
        ingress = new IngressProxy(caches, client, http, config.node().address(), tls);
        ingress.start(eventLoops, scope, 80, 443);
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
        return new DnsServer(
                zone,
                config.network().clusterDomain(),
                upstreams,
                clients(config, caches),
                DnsLimits.USUAL,
                new InetSocketAddress(config.node().address(), DNS_PORT));
    }

    /// Pods, nodes (pods of other nodes come with the address of theirs) and this machine: to everybody else the names
    /// are a list of what there is to attack, and the server a way to send long answers to others.
    private static Predicate<InetAddress> clients(ServerConfig config, Informers caches) {
        var nodes = caches.of(Resources.NODES).indexedBy(BY_ADDRESS, ClusterServices::addresses);
        var networks = List.of(config.network().clusterCidr(), config.network().serviceCidr());
        var own = config.node().address();
        return client -> {
            var address = client.getHostAddress();
            return client.isLoopbackAddress()
                    || address.equals(own)
                    || networks.stream().anyMatch(each -> Addresses.contains(each, address))
                    || !nodes.byIndex(BY_ADDRESS, address).isEmpty();
        };
    }

    private static List<String> addresses(Node node) {
        return node.status().addresses().stream()
                .filter(each -> each.type() == NodeAddressType.INTERNAL_IP)
                .map(NodeAddress::address)
                .toList();
    }

    @Override
    public void close() {
        ingress.close();
        dns.close();
        scope.close();
    }
}
