package io.navarch.scheduler.volumes;

import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.kinds.pod.PodVolumes;
import io.navarch.model.AccessMode;
import io.navarch.model.CSIStorageCapacity;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeClaimPhase;
import io.navarch.model.Pod;
import io.navarch.model.StorageClass;
import io.navarch.model.TopologySelectorTerm;
import io.navarch.model.VolumeBindingMode;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The claims of a pod that is to be scheduled: why it cannot be for now, which nodes can have it, and what its claims
/// get there. A function of what is known.
///
/// Source: https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode
public final class PodClaims {
    private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";
    /// Labels of volumes that are in one place, with their later names.
    private static final Map<String, String> PLACES = Map.of(
            "topology.kubernetes.io/zone", "topology.kubernetes.io/zone",
            "topology.kubernetes.io/region", "topology.kubernetes.io/region",
            "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region");
    private static final String PLACES_SEPARATOR = "__";

    /// Why a node cannot have the pod.
    public enum Conflict {
        AFFINITY("node(s) didn't match PersistentVolume's node affinity"),
        NO_VOLUME("node(s) didn't find available persistent volumes to bind"),
        NO_SPACE("node(s) did not have enough free storage"),
        VOLUME_GONE("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");

        private final String text;

        Conflict(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /// A claim gets a volume that is there.
    public record Match(PersistentVolumeClaim claim, PersistentVolume volume) {}

    /// What the claims get on one node.
    ///
    /// @param provisions those for which a volume is to be made
    public record Plan(List<Conflict> conflicts, List<Match> matches, List<PersistentVolumeClaim> provisions) {
        /// Nothing is left to be done.
        public static final Plan NOTHING = new Plan(List.of(), List.of(), List.of());

        public boolean empty() {
            return matches.isEmpty() && provisions.isEmpty();
        }
    }

    private final Pod pod;
    private final VolumeView view;
    private final List<PersistentVolumeClaim> bound = new ArrayList<>();
    /// Those that get their volumes where the pod goes, those that want least first.
    private final List<PersistentVolumeClaim> delayed = new ArrayList<>();

    private Optional<String> refusal = Optional.empty();

    private PodClaims(Pod pod, VolumeView view) {
        this.pod = pod;
        this.view = view;
    }

    public static PodClaims of(Pod pod, VolumeView view) {
        var volumes = new PodClaims(pod, view);
        volumes.refusal = volumes.sort();
        return volumes;
    }

    public boolean none() {
        return bound.isEmpty() && delayed.isEmpty();
    }

    /// Why no node whatsoever can have the pod now.
    public Optional<String> refusal() {
        return refusal;
    }

    private Optional<String> sort() {
        boolean immediate = false;
        for (var volume : pod.spec().volumes()) {
            var name = PodVolumes.claimName(pod, volume);
            if (name.isEmpty()) continue;
            var key = new ObjectKey(pod.namespace(), name);
            var claim = view.claim(key);
            var wrong = wrong(key, claim, volume.hasEphemeral());
            if (wrong.isPresent()) return wrong;
            if (PersistentVolumes.fullyBound(claim)) bound.add(claim);
            else if (waitsForPod(claim)) delayed.add(claim);
            else immediate = true;
        }
        delayed.sort(Comparator.comparing(VolumeMatch::requested));
        return immediate ? Optional.of("pod has unbound immediate PersistentVolumeClaims") : Optional.empty();
    }

    private Optional<String> wrong(ObjectKey key, PersistentVolumeClaim claim, boolean ephemeral) {
        var quoted = "persistentvolumeclaim \"" + key.name() + "\"";
        if (!claim.exists())
            return Optional.of(
                    ephemeral
                            ? "waiting for ephemeral volume controller to create the " + quoted
                            : quoted + " not found");
        if (claim.status().phase() == PersistentVolumeClaimPhase.LOST)
            return Optional.of(quoted + " bound to non-existent persistentvolume \""
                    + claim.spec().volumeName() + "\"");
        if (claim.deleting()) return Optional.of(quoted + " is being deleted");
        if (ephemeral && !PodVolumes.madeFor(pod, claim)) return Optional.of(PodVolumes.notMadeFor(pod, key));
        return Optional.empty();
    }

    private boolean waitsForPod(PersistentVolumeClaim claim) {
        return claim.spec().volumeName().isEmpty()
                && storageClass(claim).volumeBindingMode() == VolumeBindingMode.WAIT_FOR_FIRST_CONSUMER;
    }

    private StorageClass storageClass(PersistentVolumeClaim claim) {
        return view.storageClass(VolumeMatch.storageClass(claim));
    }

    /// Claims that one pod at a time may use.
    public List<ObjectKey> exclusive() {
        return Stream.concat(bound.stream(), delayed.stream())
                .filter(claim -> claim.spec().accessModes().contains(AccessMode.READ_WRITE_ONCE_POD))
                .map(PersistentVolumeClaim::key)
                .toList();
    }

    /// What the claims would get on a node.
    public Plan on(Node node) {
        var conflicts = new ArrayList<Conflict>();
        checkBound(node).ifPresent(conflicts::add);
        if (delayed.isEmpty()) return new Plan(conflicts, List.of(), List.of());
        var matches = new ArrayList<Match>();
        var provisions = new ArrayList<PersistentVolumeClaim>();
        match(node, matches, provisions).ifPresent(conflicts::add);
        return new Plan(List.copyOf(conflicts), List.copyOf(matches), List.copyOf(provisions));
    }

    private Optional<Conflict> checkBound(Node node) {
        for (var claim : bound) {
            var volume = view.volume(claim.spec().volumeName());
            if (!volume.exists()) return Optional.of(Conflict.VOLUME_GONE);
            if (!PersistentVolumes.reachable(volume, node)) return Optional.of(Conflict.AFFINITY);
        }
        return Optional.empty();
    }

    private Optional<Conflict> match(Node node, List<Match> matches, List<PersistentVolumeClaim> provisions) {
        var taken = new HashSet<String>();
        for (var claim : delayed) {
            var selected = view.selectedNode(claim);
            if (!selected.isEmpty()) {
                if (!selected.equals(node.name())) return Optional.of(Conflict.NO_VOLUME);
                provisions.add(claim);
                continue;
            }
            var candidates = view.volumesFor(claim, VolumeMatch.storageClass(claim)).stream()
                    .filter(volume -> !taken.contains(volume.name()))
                    .toList();
            var found = VolumeMatch.best(candidates, claim, node);
            if (found.isEmpty()) {
                provisions.add(claim);
                continue;
            }
            taken.add(found.get().name());
            matches.add(new Match(claim, found.get()));
        }
        for (var claim : provisions) {
            var conflict = provisioning(claim, node);
            if (conflict.isPresent()) return conflict;
        }
        return Optional.empty();
    }

    private Optional<Conflict> provisioning(PersistentVolumeClaim claim, Node node) {
        var storageClass = storageClass(claim);
        var provisioner = storageClass.provisioner();
        if (provisioner.isEmpty() || provisioner.equals(NO_PROVISIONER)) return Optional.of(Conflict.NO_VOLUME);
        if (!allowed(storageClass.allowedTopologies(), node)) return Optional.of(Conflict.NO_VOLUME);
        // What it is to be filled with lies on one node.
        var only = provisioner.equals(LocalPaths.PROVISIONER) ? claim.annotation(LocalPaths.ONLY_ON) : "";
        if (!only.isEmpty() && !only.equals(node.name())) return Optional.of(Conflict.AFFINITY);
        if (!view.tellsCapacity(provisioner)) return Optional.empty();
        var wanted = VolumeMatch.requested(claim);
        boolean enough = wanted.compareTo(Quantity.ZERO) == 0
                || view.capacities(storageClass.name()).stream()
                        .anyMatch(capacity ->
                                reaches(capacity, node) && room(capacity).compareTo(wanted) >= 0);
        return enough ? Optional.empty() : Optional.of(Conflict.NO_SPACE);
    }

    private static boolean reaches(CSIStorageCapacity capacity, Node node) {
        return capacity.hasNodeTopology()
                && LabelSelector.ofObject(capacity.nodeTopology()).matches(node.labels());
    }

    private static Quantity room(CSIStorageCapacity capacity) {
        if (capacity.hasMaximumVolumeSize()) return capacity.maximumVolumeSize();
        return capacity.hasCapacity() ? capacity.capacity() : Quantity.ZERO;
    }

    private static boolean allowed(List<TopologySelectorTerm> terms, Node node) {
        return terms.isEmpty()
                || terms.stream()
                        .anyMatch(term -> term.matchLabelExpressions().stream()
                                .allMatch(each ->
                                        each.values().contains(node.labels().getOrDefault(each.key(), ""))));
    }

    /// Whether a node is in the zones and regions that the volumes say they are in.
    public boolean inPlace(Node node) {
        if (PLACES.keySet().stream().noneMatch(node.labels()::containsKey)) return true;
        for (var claim : bound) {
            var labels = view.volume(claim.spec().volumeName()).labels();
            for (var place : PLACES.entrySet()) {
                var wanted = labels.get(place.getKey());
                if (wanted == null) continue;
                var here =
                        node.labels().getOrDefault(place.getKey(), node.labels().getOrDefault(place.getValue(), ""));
                if (!Set.of(wanted.split(PLACES_SEPARATOR)).contains(here)) return false;
            }
        }
        return true;
    }

    /// Whether a node can attach the pod's volumes besides those that it has.
    ///
    /// @param others the claims of the pods that are there
    public boolean attachable(Node node, Set<ObjectKey> others) {
        var wanted = new HashSet<AttachedVolume>();
        for (var claim : bound) AttachedVolume.of(claim, view).ifPresent(wanted::add);
        for (var claim : delayed) AttachedVolume.of(claim, view).ifPresent(wanted::add);
        if (wanted.isEmpty()) return true;
        var drivers = view.csiNode(node.name()).spec().drivers().stream()
                .filter(driver -> driver.allocatable().hasCount())
                .toList();
        if (drivers.isEmpty()) return true;
        var there = new HashSet<AttachedVolume>();
        for (var key : others) AttachedVolume.of(view.claim(key), view).ifPresent(there::add);
        for (var name : view.attached(node.name()))
            AttachedVolume.of(view.volume(name)).ifPresent(there::add);
        wanted.removeAll(there);
        return drivers.stream().allMatch(driver -> {
            long more = AttachedVolume.count(wanted, driver.name());
            return more == 0
                    || AttachedVolume.count(there, driver.name()) + more
                            <= driver.allocatable().count();
        });
    }
}
