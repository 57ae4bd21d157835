package io.navarch.scheduler.volumes;

import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.model.CSIDriver;
import io.navarch.model.CSINode;
import io.navarch.model.CSIStorageCapacity;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Resources;
import io.navarch.model.StorageClass;
import io.navarch.model.VolumeAttachment;
import io.navarch.objects.ObjectKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// What the caches know of claims and volumes, with what this scheduler has decided and the caches do not know yet.
public final class CachedVolumes implements VolumeView {
    private static final String BY_CLASS = "class";
    private static final String BY_NODE = "node";

    private final Informer<PersistentVolumeClaim> claims;
    private final Informer<PersistentVolume> volumes;
    private final Informer<StorageClass> classes;
    private final Informer<CSIDriver> drivers;
    private final Informer<CSINode> csiNodes;
    private final Informer<CSIStorageCapacity> capacities;
    private final Informer<VolumeAttachment> attachments;
    /// The uids of the claims that get volumes, by volume.
    private final Map<String, String> assumed = new ConcurrentHashMap<>();
    /// The nodes for which volumes are made, by claim.
    private final Map<ObjectKey, String> selected = new ConcurrentHashMap<>();
    private final Object changes = new Object();

    public CachedVolumes(Informers caches) {
        claims = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS);
        volumes = caches.of(Resources.PERSISTENT_VOLUMES);
        classes = caches.of(Resources.STORAGE_CLASSES);
        drivers = caches.of(Resources.CSI_DRIVERS);
        csiNodes = caches.of(Resources.CSI_NODES);
        capacities = caches.of(Resources.CSI_STORAGE_CAPACITIES);
        attachments = caches.of(Resources.VOLUME_ATTACHMENTS);
        volumes.indexedBy(BY_CLASS, volume -> List.of(VolumeMatch.storageClass(volume)));
        capacities.indexedBy(BY_CLASS, capacity -> List.of(capacity.storageClassName()));
        attachments.indexedBy(BY_NODE, attachment -> List.of(attachment.spec().nodeName()));
    }

    /// @param claimChanged hears which claim has changed
    /// @param changed hears that something else has that could let pods with claims go somewhere
    public void onChange(Consumer<ObjectKey> claimChanged, Runnable changed) {
        claims.onChange((old, now) -> {
            wake();
            if (now.exists()) claimChanged.accept(now.key());
        });
        volumes.onChange((old, now) -> {
            wake();
            if (now.exists()) changed.run();
        });
        classes.onChange((old, now) -> changed.run());
        drivers.onChange((old, now) -> changed.run());
        csiNodes.onChange((old, now) -> changed.run());
        capacities.onChange((old, now) -> {
            if (now.exists()) changed.run();
        });
        attachments.onChange((old, now) -> {
            if (!now.exists()) changed.run();
        });
    }

    public void awaitSync() throws InterruptedException {
        for (var each : List.of(claims, volumes, classes, drivers, csiNodes, capacities, attachments)) each.awaitSync();
    }

    private void wake() {
        synchronized (changes) {
            changes.notifyAll();
        }
    }

    /// Waits until claims and volumes are as wanted; false when they were not in time.
    boolean await(BooleanSupplier wanted, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        synchronized (changes) {
            while (!wanted.getAsBoolean()) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) return false;
                // What is wanted may depend on more than these.
                changes.wait(Math.min(left, 1000));
            }
            return true;
        }
    }

    /// The pod is about to get this.
    public void assume(PodClaims.Plan plan, String node) {
        for (var match : plan.matches())
            assumed.put(match.volume().name(), match.claim().uid());
        for (var claim : plan.provisions()) selected.put(claim.key(), node);
    }

    /// It has got it, as the caches know, or will not.
    void forget(PodClaims.Plan plan) {
        for (var match : plan.matches()) assumed.remove(match.volume().name());
        for (var claim : plan.provisions()) selected.remove(claim.key());
    }

    @Override
    public PersistentVolumeClaim claim(ObjectKey key) {
        return claims.get(key);
    }

    @Override
    public PersistentVolume volume(String name) {
        return name.isEmpty() ? PersistentVolume.ABSENT : volumes.get(new ObjectKey("", name));
    }

    @Override
    public Collection<PersistentVolume> volumesFor(PersistentVolumeClaim claim, String storageClass) {
        return volumes.byIndex(BY_CLASS, storageClass).stream()
                .filter(volume ->
                        assumed.getOrDefault(volume.name(), claim.uid()).equals(claim.uid()))
                .toList();
    }

    @Override
    public String selectedNode(PersistentVolumeClaim claim) {
        return selected.getOrDefault(claim.key(), claim.annotation(PersistentVolumes.SELECTED_NODE));
    }

    @Override
    public StorageClass storageClass(String name) {
        return name.isEmpty() ? StorageClass.ABSENT : classes.get(new ObjectKey("", name));
    }

    @Override
    public boolean tellsCapacity(String provisioner) {
        return drivers.get(new ObjectKey("", provisioner)).spec().storageCapacity();
    }

    @Override
    public Collection<CSIStorageCapacity> capacities(String storageClass) {
        return capacities.byIndex(BY_CLASS, storageClass);
    }

    @Override
    public CSINode csiNode(String name) {
        return csiNodes.get(new ObjectKey("", name));
    }

    @Override
    public Set<String> attached(String node) {
        return attachments.byIndex(BY_NODE, node).stream()
                .map(each -> each.spec().source().persistentVolumeName())
                .collect(Collectors.toSet());
    }
}
