package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.kinds.node.PodNetworks;
import io.navarch.model.Node;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Protocol;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.model.ServicePort;
import io.navarch.objects.ApiException;
import io.navarch.objects.IntOrString;
import io.navarch.objects.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the administrator says of a node that runs beside the control plane; a node may not say it of itself.
public final class NodeObjects {
    private static final Logger LOG = LoggerFactory.getLogger(NodeObjects.class);
    private static final int DNS_PORT = 53;
    private static final int METRICS_PORT = 9153;
    private static final String METRICS = "metrics";
    private static final String SCRAPE = "prometheus.io/scrape";

    private final Client admin;

    public NodeObjects(Client admin) {
        this.admin = admin;
    }

    public void markControlPlane(String node) {
        var labelled =
                Node.builder().metadata(metadata -> metadata.putLabels("node-role.kubernetes.io/control-plane", ""));
        admin.mergePatch(Resources.NODES, new ObjectKey("", node), "", labelled.map());
    }

    /// The network of a node's pods: the one that it has, or one that no other node has, with which it is registered.
    public String network(String node, PodNetworks networks) {
        while (true) {
            var own = admin.find(Resources.NODES, new ObjectKey("", node));
            if (!own.spec().podCIDR().isEmpty()) return own.spec().podCIDR();
            var free = networks.free(admin.items(Resources.NODES, "", ""))
                    .orElseThrow(() -> new IllegalStateException(
                            "no network is left for the pods of " + node + " in " + networks.cluster()));
            try {
                give(own, node, free);
                return free;
            } catch (ApiException e) {
                // Somebody else has registered it, or given it one, in the meantime.
                if (e.reason() != ApiException.Reason.ALREADY_EXISTS && e.reason() != ApiException.Reason.CONFLICT)
                    throw e;
            }
        }
    }

    private void give(Node own, String node, String network) {
        var given = Node.builder().spec(spec -> spec.podCIDR(network).podCIDRs(List.of(network)));
        if (own.exists())
            admin.mergePatch(
                    Resources.NODES,
                    own.key(),
                    "",
                    given.metadata(metadata -> metadata.resourceVersion(own.resourceVersion()))
                            .map());
        else
            admin.create(
                    Resources.NODES,
                    given.metadata(metadata -> metadata.name(node)
                                    .putLabels("kubernetes.io/hostname", node)
                                    .putLabels("kubernetes.io/os", "linux"))
                            .build());
    }

    /// Where the name server listens.
    ///
    /// @param metrics where it tells of itself, 0 for nowhere
    public record DnsPorts(int server, int metrics) {
        private List<ServiceEndpoints.Port> all() {
            var all = new ArrayList<>(List.of(
                    new ServiceEndpoints.Port("dns", server, Protocol.UDP),
                    new ServiceEndpoints.Port("dns-tcp", server, Protocol.TCP)));
            if (metrics > 0) all.add(new ServiceEndpoints.Port(METRICS, metrics, Protocol.TCP));
            return all;
        }
    }

    /// The Service that pods ask for names, with this node's DNS server behind it. Scrapers find its metrics by the
    /// same port and annotations as CoreDNS'.
    public void dnsService(String serviceAddress, String nodeAddress, DnsPorts ports) {
        var key = new ObjectKey("kube-system", "kube-dns");
        var service = admin.find(Resources.SERVICES, key);
        if (!service.exists()) admin.create(Resources.SERVICES, dnsService(key, serviceAddress, ports));
        else if (ports.metrics > 0) tellOfMetrics(service, ports);
        new ServiceEndpoints(key, nodeAddress, ports.all()).apply(admin);
    }

    /// Earlier versions had none. What somebody has made of the Service since is theirs.
    private void tellOfMetrics(Service service, DnsPorts ports) {
        if (service.metadata().annotations().containsKey(SCRAPE)) return;
        if (service.spec().ports().stream().anyMatch(port -> port.name().equals(METRICS))) return;
        var more = Service.builder()
                .metadata(metadata -> scraped(metadata, ports))
                .spec(spec -> spec.addPorts(port -> metrics(port, ports)));
        try {
            admin.strategicPatch(Resources.SERVICES, service.key(), "", more.map());
        } catch (ApiException e) {
            LOG.warn("{} stays without a port for metrics: {}", service.key(), e.getMessage());
        }
    }

    /// Scrapers ask the endpoint, not the Service.
    private static void scraped(ObjectMeta.Builder metadata, DnsPorts ports) {
        metadata.putAnnotations(SCRAPE, "true").putAnnotations("prometheus.io/port", String.valueOf(ports.metrics));
    }

    private static void metrics(ServicePort.Builder port, DnsPorts ports) {
        port.name(METRICS).port(METRICS_PORT).protocol(Protocol.TCP).targetPort(IntOrString.of(ports.metrics));
    }

    private static Service dnsService(ObjectKey key, String address, DnsPorts ports) {
        var target = IntOrString.of(ports.server);
        return Service.builder()
                .metadata(metadata -> {
                    metadata.name(key.name())
                            .namespace(key.namespace())
                            .putLabels("k8s-app", "kube-dns")
                            .putLabels("kubernetes.io/name", "CoreDNS");
                    if (ports.metrics > 0) scraped(metadata, ports);
                })
                .spec(spec -> {
                    spec.clusterIP(address)
                            .addPorts(port -> port.name("dns")
                                    .port(DNS_PORT)
                                    .protocol(Protocol.UDP)
                                    .targetPort(target))
                            .addPorts(port -> port.name("dns-tcp")
                                    .port(DNS_PORT)
                                    .protocol(Protocol.TCP)
                                    .targetPort(target));
                    if (ports.metrics > 0) spec.addPorts(port -> metrics(port, ports));
                })
                .build();
    }
}
