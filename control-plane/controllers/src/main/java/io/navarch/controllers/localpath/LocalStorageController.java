package io.navarch.controllers.localpath;

import io.navarch.client.Caches;
import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.model.CSIDriver;
import io.navarch.model.CSIStorageCapacity;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolumeReclaimPolicy;
import io.navarch.model.Resources;
import io.navarch.model.StorageClass;
import io.navarch.model.VolumeBindingMode;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Says what room nodes have for volumes, so that the scheduler chooses one with enough. With the first node that has
/// any comes the class of such volumes, the cluster's default; who deletes it does not get it again.
public final class LocalStorageController implements Controller<LocalStorageController.Seen> {
    private static final String SYSTEM = "kube-system";
    private static final String HOST_NAME = "kubernetes.io/hostname";
    private static final String BY_PROVISIONER = "provisioner";

    /// @param node absent when it is gone
    /// @param driver absent in a cluster that has had no such node
    /// @param classes those that ask for such volumes
    /// @param said what is said of the node, by class
    public record Seen(
            ObjectKey key, Node node, CSIDriver driver, List<StorageClass> classes, List<CSIStorageCapacity> said) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("local-storage-controller")
                .queue("local_storage")
                .watchesChanges(Resources.NODES, LocalStorageController::ofNode)
                .watches(Resources.STORAGE_CLASSES, (caches, each) -> all(caches))
                .watches(
                        Resources.CSI_DRIVERS,
                        (caches, driver) -> driver.name().equals(LocalPaths.PROVISIONER) ? all(caches) : List.of())
                .watches(
                        Resources.CSI_STORAGE_CAPACITIES,
                        capacity ->
                                ofNode(capacity).isEmpty() ? List.of() : List.of(new ObjectKey("", ofNode(capacity))))
                .may("storage.k8s.io", "storageclasses,csidrivers", "create")
                .may("storage.k8s.io", "csistoragecapacities", "create,patch,delete")
                .build();
    }

    private static Collection<ObjectKey> ofNode(Caches caches, Node old, Node now) {
        boolean same = old.exists()
                && now.exists()
                && old.annotation(LocalPaths.FREE).equals(now.annotation(LocalPaths.FREE))
                && old.annotation(LocalPaths.ROOT).equals(now.annotation(LocalPaths.ROOT));
        return same ? List.of() : List.of((now.exists() ? now : old).key());
    }

    private static List<ObjectKey> all(Caches caches) {
        return caches.of(Resources.NODES).all().stream()
                .filter(node -> !node.annotation(LocalPaths.ROOT).isEmpty())
                .map(Node::key)
                .toList();
    }

    /// The node that a capacity of ours is about, `""` when it is somebody else's.
    private static String ofNode(CSIStorageCapacity capacity) {
        return capacity.labels().getOrDefault(LocalPaths.NODE, "");
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.STORAGE_CLASSES).indexedBy(BY_PROVISIONER, each -> List.of(each.provisioner()));
        caches.of(Resources.CSI_STORAGE_CAPACITIES).indexedBy(BY_PROVISIONER, each -> List.of(ofNode(each)));
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        return Optional.of(new Seen(
                key,
                caches.of(Resources.NODES).get(key),
                caches.of(Resources.CSI_DRIVERS).get(new ObjectKey("", LocalPaths.PROVISIONER)),
                caches.of(Resources.STORAGE_CLASSES).byIndex(BY_PROVISIONER, LocalPaths.PROVISIONER),
                caches.of(Resources.CSI_STORAGE_CAPACITIES).byIndex(BY_PROVISIONER, key.name())));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var free = LocalPaths.free(seen.node);
        boolean keeps = !seen.node.annotation(LocalPaths.ROOT).isEmpty() && free.isPresent();
        var changes = new ArrayList<Action>();
        // The driver comes last: it says that the class has been made.
        if (keeps && !seen.driver.exists()) {
            changes.add(new Action.Create(Resources.STORAGE_CLASSES, storageClass()));
            changes.add(new Action.Create(Resources.CSI_DRIVERS, driver()));
        }
        for (var said : seen.said) {
            boolean wanted =
                    keeps && seen.classes.stream().anyMatch(each -> each.name().equals(said.storageClassName()));
            if (!wanted) changes.add(new Action.Delete(Resources.CSI_STORAGE_CAPACITIES, said));
        }
        if (keeps) seen.classes.forEach(each -> capacity(seen, each.name()).ifPresent(changes::add));
        return Decision.of(changes);
    }

    private static Optional<Action> capacity(Seen seen, String storageClass) {
        var free = LocalPaths.free(seen.node).orElseThrow();
        var known = seen.said.stream()
                .filter(each -> each.storageClassName().equals(storageClass))
                .findFirst();
        if (known.isPresent()) {
            if (known.get().hasCapacity() && known.get().capacity().compareTo(free) == 0) return Optional.empty();
            var changed = CSIStorageCapacity.builder().capacity(free).maximumVolumeSize(free);
            return Optional.of(Action.Patch.of(Resources.CSI_STORAGE_CAPACITIES, known.get(), changed.build()));
        }
        var said = CSIStorageCapacity.builder()
                .metadata(metadata -> metadata.namespace(SYSTEM)
                        .name("local-path-" + seen.node.uid() + "-" + Integer.toHexString(storageClass.hashCode()))
                        .putLabels(LocalPaths.NODE, seen.node.name()))
                .storageClassName(storageClass)
                .nodeTopology(topology ->
                        topology.putMatchLabels(HOST_NAME, seen.node.labels().getOrDefault(HOST_NAME, "")))
                .capacity(free)
                .maximumVolumeSize(free);
        return Optional.of(new Action.Create(Resources.CSI_STORAGE_CAPACITIES, said.build()));
    }

    private static StorageClass storageClass() {
        return StorageClass.builder()
                .metadata(metadata -> metadata.name(LocalPaths.STORAGE_CLASS)
                        .putAnnotations("storageclass.kubernetes.io/is-default-class", "true"))
                .provisioner(LocalPaths.PROVISIONER)
                .reclaimPolicy(PersistentVolumeReclaimPolicy.DELETE)
                .volumeBindingMode(VolumeBindingMode.WAIT_FOR_FIRST_CONSUMER)
                .build();
    }

    /// There is none; it says that the scheduler is to ask how much room there is.
    private static CSIDriver driver() {
        return CSIDriver.builder()
                .metadata(metadata -> metadata.name(LocalPaths.PROVISIONER))
                .spec(spec -> spec.attachRequired(false).storageCapacity(true))
                .build();
    }
}
