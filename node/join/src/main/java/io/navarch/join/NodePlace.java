package io.navarch.join;

import io.navarch.client.Client;
import io.navarch.model.Node;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;

/// What the cluster gives a node and tells it: the network of its pods, and where they ask for names.
///
/// @param clusterCidr the network of all nodes' pods
public record NodePlace(String podCidr, String clusterCidr, String dnsAddress, String domain) {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long LOOK_MILLIS = 200;

    /// Registers the node, if it is not yet, and waits for its network.
    ///
    /// @param client as the node
    public static NodePlace of(Client client, String node, InstantSource clock)
            throws IOException, InterruptedException {
        var cluster = ClusterNetwork.of(client);
        var end = clock.instant().plus(PATIENCE);
        register(client, node);
        while (true) {
            var network =
                    client.get(Resources.NODES, new ObjectKey("", node)).spec().podCIDR();
            if (!network.isEmpty()) return given(cluster, network);
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

    static NodePlace given(ClusterNetwork cluster, String network) throws IOException {
        if (!network.matches(ClusterNetwork.NETWORK))
            throw new IOException("the cluster's network for the node's pods cannot be used: " + network);
        return new NodePlace(network, cluster.podCidr(), cluster.dnsAddress(), cluster.domain());
    }
}
