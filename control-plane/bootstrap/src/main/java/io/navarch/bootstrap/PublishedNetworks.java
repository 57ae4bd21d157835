package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.kinds.node.NodeGateways;
import io.navarch.kinds.node.PodNetworks;
import io.navarch.model.Node;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.process.TaskScope;
import java.util.concurrent.atomic.AtomicBoolean;

/// Keeps the object that tells nodes how to reach each other's pods. A cluster of one node has none.
public final class PublishedNetworks {
    private static final long LOOK_MILLIS = 1000;

    private final Client client;
    private final Informer<Node> nodes;
    private final PodNetworks networks;
    private final AtomicBoolean changed = new AtomicBoolean(true);

    public PublishedNetworks(Client client, Informers caches, PodNetworks networks) {
        this.client = client;
        this.networks = networks;
        nodes = caches.of(Resources.NODES);
    }

    public void start(TaskScope scope) {
        nodes.onChange((old, now) -> {
            if (!told(old).equals(told(now))) changed.set(true);
        });
        scope.start("node-networks", () -> {
            nodes.awaitSync();
            scope.every("node-networks", LOOK_MILLIS, this::look);
        });
    }

    private static String told(Node node) {
        return node.exists() + node.spec().podCIDR() + node.status().addresses();
    }

    private void look() {
        if (!changed.getAndSet(false)) return;
        try {
            write(new NodeGateways(networks.gateways(nodes.all())));
        } catch (ApiException e) {
            // The next look tries again.
            changed.set(true);
            throw e;
        }
    }

    private void write(NodeGateways gateways) {
        var known = client.find(Resources.CONFIG_MAPS, NodeGateways.KEY);
        if (known.exists()) {
            if (!NodeGateways.read(known).equals(gateways))
                client.mergePatch(
                        Resources.CONFIG_MAPS,
                        NodeGateways.KEY,
                        "",
                        gateways.written().view().map());
        } else if (gateways.byNetwork().size() > 1) {
            client.create(Resources.CONFIG_MAPS, gateways.written());
        }
    }
}
