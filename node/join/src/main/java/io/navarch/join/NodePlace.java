package io.navarch.join;

import io.navarch.client.Client;
import io.navarch.model.ConfigMap;
import io.navarch.model.Node;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;

/// What the cluster gives a node and tells it: the network of its pods, and where they ask for names.
///
/// @param clusterCidr the network of all nodes' pods
public record NodePlace(String podCidr, String clusterCidr, String dnsAddress, String domain) {
    private static final String NETWORK = "[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}";
    private static final String ADDRESS = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long LOOK_MILLIS = 200;

    /// Registers the node, if it is not yet, and waits for its network.
    ///
    /// @param client as the node
    public static NodePlace of(Client client, String node, InstantSource clock)
            throws IOException, InterruptedException {
        var settings = client.get(Resources.CONFIG_MAPS, new ObjectKey("kube-system", "kubelet-config"));
        var cluster = client.get(Resources.CONFIG_MAPS, new ObjectKey("kube-system", "kubeadm-config"));
        var end = clock.instant().plus(PATIENCE);
        register(client, node);
        while (true) {
            var network =
                    client.get(Resources.NODES, new ObjectKey("", node)).spec().podCIDR();
            if (!network.isEmpty()) return read(settings, cluster, network);
            if (end.isBefore(clock.instant()))
                throw new IOException("the cluster has given no network to the node " + node);
            TaskScope.pause(LOOK_MILLIS);
        }
    }

    private static void register(Client client, String node) {
        try {
            if (client.find(Resources.NODES, new ObjectKey("", node)).exists()) return;
            var fresh = Node.builder()
                    .metadata(metadata -> metadata.name(node)
                            .putLabels("kubernetes.io/hostname", node)
                            .putLabels("kubernetes.io/os", "linux"));
            client.create(Resources.NODES, fresh.map());
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.ALREADY_EXISTS) throw e;
        }
    }

    /// What is said ends up in rules and files of the node, so that it must be what it should be.
    static NodePlace read(ConfigMap settings, ConfigMap cluster, String network) throws IOException {
        var kubelet = View.of(Yaml.parse(settings.data().getOrDefault("kubelet", "")));
        var dns =
                kubelet.get("clusterDNS").stream().findFirst().map(View::string).orElse("");
        var domain = kubelet.get("clusterDomain").string();
        var all = View.of(Yaml.parse(cluster.data().getOrDefault("ClusterConfiguration", "")))
                .get("networking", "podSubnet")
                .string();
        if (!network.matches(NETWORK)
                || !all.matches(NETWORK)
                || !dns.matches(ADDRESS)
                || !domain.matches("[a-z0-9]([-a-z0-9.]{0,200}[a-z0-9])?"))
            throw new IOException("the cluster's settings for nodes cannot be used: network " + network + " of " + all
                    + ", DNS " + dns + ", domain " + domain);
        return new NodePlace(network, all, dns, domain);
    }
}
