package io.navarch.apps;

import io.navarch.apps.endpoints.Endpoints;
import io.navarch.apps.endpoints.Listening;
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
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.process.pages.ComponentPages;
import io.navarch.process.pages.HealthCheck;
import io.navarch.process.pages.HealthPages;
import io.navarch.process.pages.Page;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// What the whole cluster uses and what runs beside the control plane: DNS and ingress. They read more than a node may.
final class ClusterServices implements AutoCloseable {
    static final int DNS_PORT = 10053;
    static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final String BY_ADDRESS = "address";

    private final TaskScope scope = new TaskScope();
    private final DnsServer dns;
    private final IngressProxy ingress;
    private final Endpoints endpoints;

    /// Where they run, and for whom.
    ///
    /// @param address of this machine, at which they are reached
    /// @param dnsAddress of the Service that pods ask for names
    /// @param networks of pods and Services, whose questions are answered
    record Place(String address, String domain, String dnsAddress, List<String> networks) {}

    /// @param caches of the client, not started yet
    /// @param tls what the ingress shows where no Ingress says otherwise
    /// @param told where both tell of themselves
    ClusterServices(
            Place place,
            EventLoops eventLoops,
            Client client,
            Informers caches,
            Supplier<SslContext> tls,
            Listening.Network told)
            throws IOException {
        var dnsMetrics = new Metrics();
        dns = dns(place, caches, dnsMetrics);
        dns.start(scope);
        var http = new HttpClient(eventLoops, Duration.ofSeconds(2));
        var ingressMetrics = new Metrics();
        ingress = new IngressProxy(caches, client, http, place.address, tls, ingressMetrics);
        ingress.start(eventLoops, scope, Host.limits(), HTTP_PORT, HTTPS_PORT);
        endpoints = new Endpoints(eventLoops, Host.limits());
        endpoints.plain(told.dns(), pages("coredns", dnsMetrics, List.of(HealthCheck.PING)));
        endpoints.plain(
                told.ingress(),
                pages(
                        "ingress",
                        ingressMetrics,
                        List.of(HealthCheck.that("informer-sync", ingress::synced, "informers not started yet"))));
    }

    private static Function<Page.Request, Page> pages(String name, Metrics metrics, List<HealthCheck> checks) {
        var component = new ComponentPages.Component(name, ControlPlane.VERSION, Map.of(), false);
        return new ComponentPages(component, metrics, HealthPages.of(checks))::answer;
    }

    private static DnsServer dns(Place place, Informers caches, Metrics metrics) throws IOException {
        var services = caches.of(Resources.SERVICES).indexedBy(BY_ADDRESS, ClusterServices::addresses);
        var slices = caches.of(Resources.ENDPOINT_SLICES)
                .indexedBy("service", EndpointSlices::serviceKeys)
                .indexedBy(BY_ADDRESS, ClusterServices::addresses);
        var namespaces = caches.of(Resources.NAMESPACES);
        var zone = new ClusterZone(place.domain, new ClusterZone.Source() {
            @Override
            public Service service(ObjectKey key) {
                return services.get(key);
            }

            @Override
            public List<EndpointSlice> slices(ObjectKey service) {
                return slices.byIndex("service", service.toString());
            }

            @Override
            public List<Service> servicesAt(String address) {
                return services.byIndex(BY_ADDRESS, address);
            }

            @Override
            public List<EndpointSlice> slicesAt(String address) {
                return slices.byIndex(BY_ADDRESS, address);
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
                .filter(address -> !address.equals(place.dnsAddress))
                .limit(3)
                .map(address -> new InetSocketAddress(address, 53))
                .toList();
        return new DnsServer(
                zone,
                place.domain,
                upstreams,
                clients(place, caches),
                DnsLimits.USUAL,
                new InetSocketAddress(place.address, DNS_PORT),
                metrics);
    }

    /// Pods, nodes (pods of other nodes come with the address of theirs) and this machine: to everybody else the names
    /// are a list of what there is to attack, and the server a way to send long answers to others.
    private static Predicate<InetAddress> clients(Place place, Informers caches) {
        var nodes = caches.of(Resources.NODES).indexedBy(BY_ADDRESS, ClusterServices::addresses);
        return client -> {
            var address = client.getHostAddress();
            return client.isLoopbackAddress()
                    || address.equals(place.address)
                    || place.networks.stream().anyMatch(each -> Addresses.contains(each, address))
                    || !nodes.byIndex(BY_ADDRESS, address).isEmpty();
        };
    }

    private static List<String> addresses(Service service) {
        return List.of(service.spec().clusterIP());
    }

    private static List<String> addresses(EndpointSlice slice) {
        return slice.endpoints().stream()
                .flatMap(endpoint -> endpoint.addresses().stream())
                .distinct()
                .toList();
    }

    private static List<String> addresses(Node node) {
        return node.status().addresses().stream()
                .filter(each -> each.type() == NodeAddressType.INTERNAL_IP)
                .map(NodeAddress::address)
                .toList();
    }

    @Override
    public void close() {
        endpoints.close();
        ingress.close();
        dns.close();
        scope.close();
    }
}
