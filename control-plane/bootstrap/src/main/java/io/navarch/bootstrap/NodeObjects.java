package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.kinds.node.PodNetworks;
import io.navarch.model.Node;
import io.navarch.model.Protocol;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.objects.ApiException;
import io.navarch.objects.IntOrString;
import io.navarch.objects.ObjectKey;
import java.util.List;

/// What the administrator says of a node that runs beside the control plane; a node may not say it of itself.
public final class NodeObjects {
    private static final int DNS_PORT = 53;

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

    /// The Service that pods ask for names, with this node's DNS server behind it.
    public void dnsService(String serviceAddress, String nodeAddress, int serverPort) {
        var key = new ObjectKey("kube-system", "kube-dns");
        if (!admin.find(Resources.SERVICES, key).exists())
            admin.create(Resources.SERVICES, dnsService(key, serviceAddress, serverPort));
        new ServiceEndpoints(key, "dns", nodeAddress, serverPort, List.of(Protocol.UDP, Protocol.TCP)).apply(admin);
    }

    private static Service dnsService(ObjectKey key, String address, int serverPort) {
        var target = IntOrString.of(serverPort);
        return Service.builder()
                .metadata(metadata -> metadata.name(key.name())
                        .namespace(key.namespace())
                        .putLabels("k8s-app", "kube-dns")
                        .putLabels("kubernetes.io/name", "CoreDNS"))
                .spec(spec -> spec.clusterIP(address)
                        .addPorts(port -> port.name("dns")
                                .port(DNS_PORT)
                                .protocol(Protocol.UDP)
                                .targetPort(target))
                        .addPorts(port -> port.name("dns-tcp")
                                .port(DNS_PORT)
                                .protocol(Protocol.TCP)
                                .targetPort(target)))
                .build();
    }
}
