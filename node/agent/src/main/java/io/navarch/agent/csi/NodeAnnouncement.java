package io.navarch.agent.csi;

import io.navarch.client.Client;
import io.navarch.csi.CsiNode.NodeInfo;
import io.navarch.model.CSINode;
import io.navarch.model.CSINodeDriver;
import io.navarch.model.Node;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ApiException.Reason;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.process.TaskScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the node's CSINode, and what its Node says of drivers, in line with the drivers that there are. When somebody
/// deletes them, or has not heard of it, they are told again.
public final class NodeAnnouncement implements CsiDrivers.Announcement {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAnnouncement.class);

    private static final long FOLLOW_MILLIS = 60_000;
    /// Others write to the same objects.
    private static final int MOST_TRIES = 6;

    private final Client client;
    private final ObjectKey node;
    /// Guarded by the monitor, as the objects are: who writes last knows what is true.
    private final Map<String, Optional<NodeInfo>> drivers = new HashMap<>();

    public NodeAnnouncement(Client client, String node) {
        this.client = client;
        this.node = new ObjectKey("", node);
    }

    public void start(TaskScope scope) {
        scope.every("csi-node", FOLLOW_MILLIS, this::follow);
    }

    private synchronized void follow() {
        csiNode();
        for (var name : List.copyOf(drivers.keySet())) {
            try {
                tell(name);
            } catch (PluginRefusedException e) {
                LOG.warn("driver {}: {}", name, e.getMessage());
            }
        }
    }

    @Override
    public synchronized void announce(String driver, NodeInfo info) throws PluginRefusedException {
        drivers.put(driver, Optional.of(info));
        boolean told = false;
        try {
            tell(driver);
            told = true;
        } finally {
            if (!told) drivers.remove(driver);
        }
    }

    @Override
    public synchronized void renew(String driver, NodeInfo info) {
        var known = drivers.getOrDefault(driver, Optional.empty());
        if (known.isEmpty() || known.get().mostVolumes() == info.mostVolumes()) return;
        var renewed = new NodeInfo(
                known.get().nodeId(), info.mostVolumes(), known.get().topology());
        drivers.put(driver, Optional.of(renewed));
        tellCsiNode(now -> NodeDrivers.with(now, driver, renewed));
    }

    @Override
    public synchronized void withdraw(String driver) {
        drivers.put(driver, Optional.empty());
        try {
            tell(driver);
        } catch (ApiException | PluginRefusedException e) {
            // Told again later.
            LOG.warn("driver {}: {}", driver, e.getMessage());
        }
    }

    private void tell(String driver) throws PluginRefusedException {
        var info = drivers.getOrDefault(driver, Optional.empty());
        if (info.isPresent()) {
            tellNode(driver, info.get());
            tellCsiNode(known -> NodeDrivers.with(known, driver, info.get()));
        } else {
            tellCsiNode(known -> NodeDrivers.without(known, driver));
            forgetOnNode(driver);
            drivers.remove(driver);
        }
    }

    private void tellNode(String driver, NodeInfo info) throws PluginRefusedException {
        for (int tries = 1; ; tries++) {
            var known = client.get(Resources.NODES, node);
            var collision = NodeDrivers.collision(known, info.topology());
            if (collision.isPresent()) throw new PluginRefusedException(collision.get());
            var ids = NodeDrivers.withId(known, driver, info.nodeId());
            boolean done = changeNode(known, tries, metadata -> {
                metadata.putAnnotations(NodeDrivers.NODE_IDS, ids);
                info.topology().forEach(metadata::putLabels);
            });
            if (done) return;
        }
    }

    private void forgetOnNode(String driver) {
        for (int tries = 1; ; tries++) {
            var known = client.find(Resources.NODES, node);
            if (!known.exists()) return;
            var ids = NodeDrivers.withoutId(known, driver);
            boolean done = changeNode(known, tries, metadata -> {
                if (ids.isEmpty()) metadata.removeAnnotations(NodeDrivers.NODE_IDS);
                else metadata.putAnnotations(NodeDrivers.NODE_IDS, ids);
            });
            if (done) return;
        }
    }

    /// False when it has changed meanwhile.
    private boolean changeNode(Node known, int tries, Consumer<ObjectMeta.Builder> change) {
        var changed = known.toBuilder().metadata(change);
        var patch = Trees.changes(known.view().map(), changed.map());
        if (patch.isEmpty()) return true;
        ObjectMeta.edit(Trees.child(patch, Node.METADATA)).uid(known.uid()).resourceVersion(known.resourceVersion());
        return unlessChanged(() -> client.mergePatch(Resources.NODES, node, "", patch), tries);
    }

    private void tellCsiNode(Function<CSINode, Optional<List<CSINodeDriver>>> change) {
        for (int tries = 1; ; tries++) {
            var known = csiNode();
            var drivers = change.apply(known);
            if (drivers.isEmpty()) return;
            var patch = CSINode.builder()
                    .metadata(it -> it.uid(known.uid()).resourceVersion(known.resourceVersion()))
                    .spec(it -> it.drivers(drivers.get()));
            if (unlessChanged(() -> client.mergePatch(Resources.CSI_NODES, node, "", patch.map()), tries)) return;
        }
    }

    private CSINode csiNode() {
        var known = client.find(Resources.CSI_NODES, node);
        if (known.exists()) return known;
        var owner = client.get(Resources.NODES, node);
        return client.create(Resources.CSI_NODES, NodeDrivers.initial(owner));
    }

    private static boolean unlessChanged(Runnable write, int tries) {
        try {
            write.run();
            return true;
        } catch (ApiException e) {
            if (e.reason() != Reason.CONFLICT || tries == MOST_TRIES) throw e;
            return false;
        }
    }
}
