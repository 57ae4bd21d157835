package io.navarch.scheduler.volumes;

import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.model.CSINode;
import io.navarch.model.CSIStorageCapacity;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.StorageClass;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Claims and volumes that a test makes up.
public final class KnownVolumes implements VolumeView {
    private final Map<ObjectKey, PersistentVolumeClaim> claims = new HashMap<>();
    private final Map<String, PersistentVolume> volumes = new HashMap<>();
    private final Map<String, StorageClass> classes = new HashMap<>();
    private final Map<String, CSINode> csiNodes = new HashMap<>();
    private final List<CSIStorageCapacity> capacities = new ArrayList<>();
    private final Map<String, Set<String>> attached = new HashMap<>();

    static View view(String yaml) {
        return View.of(Yaml.parse(yaml));
    }

    public KnownVolumes claim(String name, String metadata, String spec, String phase) {
        var modes = spec.contains("accessModes") ? "" : ", accessModes: [ReadWriteOnce]";
        var size = spec.contains("resources") ? "" : ", resources: {requests: {storage: 1Gi}}";
        var claim = PersistentVolumeClaim.of(view("{metadata: {namespace: ns, name: " + name + ", uid: uid-" + name
                + metadata + "}, spec: {volumeMode: Filesystem" + modes + size + spec + "}, status: {phase: " + phase
                + "}}"));
        claims.put(claim.key(), claim);
        return this;
    }

    public KnownVolumes bound(String name, String volume) {
        return claim(
                name, ", annotations: {pv.kubernetes.io/bind-completed: 'yes'}", ", volumeName: " + volume, "Bound");
    }

    public KnownVolumes waiting(String name, String storageClass, String size) {
        return claim(
                name,
                "",
                ", storageClassName: " + storageClass + ", resources: {requests: {storage: " + size + "}}",
                "Pending");
    }

    public KnownVolumes volume(String name, String size, String node, String more) {
        var affinity = node.isEmpty()
                ? ""
                : ", nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: name, operator: In,"
                        + " values: [" + node + "]}]}]}}";
        volumes.put(
                name,
                PersistentVolume.of(view("{metadata: {name: " + name + "}, spec: {accessModes: [ReadWriteOnce],"
                        + " capacity: {storage: " + size + "}" + affinity + more
                        + "}, status: {phase: Available}}")));
        return this;
    }

    public KnownVolumes labelled(String name, String label, String value) {
        volumes.put(
                name,
                PersistentVolume.of(view("{metadata: {name: " + name + ", labels: {" + label + ": " + value + "}}}")));
        return this;
    }

    public KnownVolumes storageClass(String name, String provisioner, String more) {
        classes.put(
                name,
                StorageClass.of(view("{metadata: {name: " + name + "}, provisioner: " + provisioner
                        + ", volumeBindingMode: WaitForFirstConsumer" + more + "}")));
        return this;
    }

    public KnownVolumes limit(String node, String driver, int count) {
        csiNodes.put(
                node,
                CSINode.of(view("{spec: {drivers: [{name: " + driver + ", allocatable: {count: " + count + "}}]}}")));
        return this;
    }

    public KnownVolumes capacity(String storageClass, String node, String size) {
        capacities.add(CSIStorageCapacity.of(view("{storageClassName: " + storageClass + ", capacity: " + size
                + ", nodeTopology: {matchLabels: {name: " + node + "}}}")));
        return this;
    }

    public KnownVolumes attached(String node, String volume) {
        attached.computeIfAbsent(node, key -> new HashSet<>()).add(volume);
        return this;
    }

    @Override
    public PersistentVolumeClaim claim(ObjectKey key) {
        return claims.getOrDefault(key, PersistentVolumeClaim.ABSENT);
    }

    @Override
    public PersistentVolume volume(String name) {
        return volumes.getOrDefault(name, PersistentVolume.ABSENT);
    }

    @Override
    public Collection<PersistentVolume> volumesFor(PersistentVolumeClaim claim, String storageClass) {
        return volumes.values().stream()
                .filter(volume -> VolumeMatch.storageClass(volume).equals(storageClass))
                .toList();
    }

    @Override
    public String selectedNode(PersistentVolumeClaim claim) {
        return claim.annotation(PersistentVolumes.SELECTED_NODE);
    }

    @Override
    public StorageClass storageClass(String name) {
        return classes.getOrDefault(name, StorageClass.ABSENT);
    }

    @Override
    public boolean tellsCapacity(String provisioner) {
        return !capacities.isEmpty();
    }

    @Override
    public Collection<CSIStorageCapacity> capacities(String storageClass) {
        return capacities.stream()
                .filter(each -> each.storageClassName().equals(storageClass))
                .toList();
    }

    @Override
    public CSINode csiNode(String name) {
        return csiNodes.getOrDefault(name, CSINode.ABSENT);
    }

    @Override
    public Set<String> attached(String node) {
        return attached.getOrDefault(node, Set.of());
    }
}
