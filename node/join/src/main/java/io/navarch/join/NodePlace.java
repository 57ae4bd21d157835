package io.navarch.join;

import io.navarch.client.Client;
import io.navarch.model.Node;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.AtomicFile;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the cluster gives a node and tells it: the network of its pods, and where they ask for names.
///
/// @param clusterCidr the network of all nodes' pods
public record NodePlace(String podCidr, String clusterCidr, String dnsAddress, String domain) {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long LOOK_MILLIS = 200;
    private static final Logger LOG = LoggerFactory.getLogger(NodePlace.class);

    /// What was given last, among the files of the node's identity.
    private static final String FILE = "place";

    private static final String POD_CIDR = "podCidr";
    private static final String CLUSTER_CIDR = "clusterCidr";
    private static final String DNS_ADDRESS = "dnsAddress";
    private static final String DOMAIN = "domain";

    /// What the cluster gives this node; while it does not answer, what it gave before counts.
    public static NodePlace of(Client client, JoinConfig config, InstantSource clock)
            throws IOException, InterruptedException {
        var file = config.directory().resolve(FILE);
        try {
            var given = of(client, config.node(), clock);
            AtomicFile.write(file, Json.write(given.tree()), "rw-------");
            return given;
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.SERVICE_UNAVAILABLE || !Files.exists(file)) throw e;
            LOG.warn("the cluster does not say what the node has of it, so it is as it was: {}", e.getMessage());
            return kept(Files.readAllBytes(file));
        }
    }

    private Map<String, Object> tree() {
        return Trees.map(POD_CIDR, podCidr, CLUSTER_CIDR, clusterCidr, DNS_ADDRESS, dnsAddress, DOMAIN, domain);
    }

    static NodePlace kept(byte[] text) throws IOException {
        try {
            var kept = View.of(Json.parse(text));
            return new NodePlace(
                    checked(kept, POD_CIDR, ClusterNetwork.NETWORK),
                    checked(kept, CLUSTER_CIDR, ClusterNetwork.NETWORK),
                    checked(kept, DNS_ADDRESS, ClusterNetwork.ADDRESS),
                    checked(kept, DOMAIN, ClusterNetwork.DOMAIN));
        } catch (Json.MalformedException e) {
            throw new IOException("what the cluster gave the node cannot be read any more: " + e.getMessage(), e);
        }
    }

    private static String checked(View kept, String name, String shape) throws IOException {
        var value = kept.get(name).string();
        if (!value.matches(shape)) throw new IOException("what the cluster gave the node cannot be used: " + value);
        return value;
    }

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
