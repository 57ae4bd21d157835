package io.navarch.agent.csi;

import io.navarch.csi.CsiNode.NodeInfo;
import io.navarch.model.CSINode;
import io.navarch.model.CSINodeDriver;
import io.navarch.model.Node;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// How the objects of a node name its storage drivers, as changes of these.
///
/// Source: https://kubernetes-csi.github.io/docs/csi-node-object.html
final class NodeDrivers {
    static final String NODE_IDS = "csi.volume.kubernetes.io/nodeid";
    static final String MIGRATED = "storage.alpha.kubernetes.io/migrated-plugins";
    /// Whose volumes were once the node's own work, and are drivers' now.
    static final String MIGRATED_PLUGINS = String.join(
            ",",
            "kubernetes.io/aws-ebs",
            "kubernetes.io/azure-disk",
            "kubernetes.io/azure-file",
            "kubernetes.io/cinder",
            "kubernetes.io/gce-pd",
            "kubernetes.io/portworx-volume",
            "kubernetes.io/vsphere-volume");

    private NodeDrivers() {}

    /// One without drivers.
    static CSINode initial(Node node) {
        return CSINode.builder()
                .metadata(metadata -> metadata.name(node.name())
                        .putAnnotations(MIGRATED, MIGRATED_PLUGINS)
                        .addOwnerReferences(owner -> owner.apiVersion("v1")
                                .kind("Node")
                                .name(node.name())
                                .uid(node.uid())))
                .spec(spec -> spec.drivers(List.of()))
                .build();
    }

    /// The drivers with one more, or with other facts about one; empty when it is there like that.
    static Optional<List<CSINodeDriver>> with(CSINode known, String name, NodeInfo info) {
        var driver = CSINodeDriver.builder()
                .name(name)
                .nodeID(info.nodeId())
                .topologyKeys(List.copyOf(new TreeSet<>(info.topology().keySet())));
        if (info.mostVolumes() > 0)
            driver.allocatable(allocatable -> allocatable.count((int) Math.min(info.mostVolumes(), Integer.MAX_VALUE)));
        var wanted = driver.build();
        if (known.spec().drivers().stream().anyMatch(wanted::semanticEquals)) return Optional.empty();
        var drivers = new ArrayList<>(others(known, name));
        drivers.add(wanted);
        return Optional.of(drivers);
    }

    /// The drivers without one; empty when it is not among them.
    static Optional<List<CSINodeDriver>> without(CSINode known, String name) {
        var others = others(known, name);
        return others.size() == known.spec().drivers().size() ? Optional.empty() : Optional.of(others);
    }

    private static List<CSINodeDriver> others(CSINode known, String name) {
        return known.spec().drivers().stream()
                .filter(driver -> !driver.name().equals(name))
                .toList();
    }

    /// What the node's annotation says with one driver more, or with another id of it.
    static String withId(Node node, String driver, String id) {
        var ids = ids(node);
        ids.put(driver, id);
        return Json.writeString(ids);
    }

    /// The same without it, `""` when none is left.
    static String withoutId(Node node, String driver) {
        var ids = ids(node);
        ids.remove(driver);
        return ids.isEmpty() ? "" : Json.writeString(ids);
    }

    private static Map<String, Object> ids(Node node) {
        var text = node.annotation(NODE_IDS);
        return text.isEmpty()
                ? new TreeMap<>()
                : new TreeMap<>(View.of(Json.parse(text)).map());
    }

    /// Where the driver and the node's labels say different things about where the node is; empty where they agree.
    static Optional<String> collision(Node node, Map<String, String> topology) {
        var labels = node.metadata().labels();
        return new TreeMap<>(topology)
                .entrySet().stream()
                        .filter(each -> labels.containsKey(each.getKey())
                                && !each.getValue().equals(labels.get(each.getKey())))
                        .map(each -> "detected topology value collision: driver reported \"" + each.getKey() + "\":\""
                                + each.getValue() + "\" but existing label is \"" + each.getKey() + "\":\""
                                + labels.get(each.getKey()) + "\"")
                        .findFirst();
    }
}
