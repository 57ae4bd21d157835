package io.navarch.scheduler.volumes;

import io.navarch.client.Client;
import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.model.Node;
import io.navarch.model.ObjectReference;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Resources;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Gives a pod's claims what was decided for them, and waits until each has its volume.
public final class VolumeBinding {
    private static final String PREFIX = "binding volumes: ";
    private static final String CALLED_BACK = "context canceled";
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /// The pod cannot have what was decided.
    public static final class BindingException extends Exception {
        BindingException(String message) {
            super(message);
        }
    }

    private final Client client;
    private final CachedVolumes volumes;

    public VolumeBinding(Client client, CachedVolumes volumes) {
        this.client = client;
        this.volumes = volumes;
    }

    /// A more important pod got its place when all was done.
    public static BindingException calledBack() {
        return new BindingException(PREFIX + CALLED_BACK);
    }

    /// @param stillWanted whether the pod is still there
    /// @param calledBack whether a more important one gets its place
    public void bind(PodClaims.Plan plan, Node node, BooleanSupplier stillWanted, BooleanSupplier calledBack)
            throws BindingException, InterruptedException {
        if (plan.empty()) return;
        try {
            var written = write(plan, node);
            var failure = new StringBuilder();
            boolean done = volumes.await(
                    () -> {
                        var why = calledBack.getAsBoolean()
                                ? CALLED_BACK
                                : stillWanted.getAsBoolean()
                                        ? failure(plan, node, written)
                                        : "pod does not exist any more";
                        failure.append(why);
                        return !why.isEmpty() || bound(plan);
                    },
                    LIMIT);
            if (!failure.isEmpty()) throw new BindingException(PREFIX + failure);
            if (!done) throw new BindingException(PREFIX + "context deadline exceeded");
        } finally {
            volumes.forget(plan);
        }
    }

    /// Returns the versions of what was written, by name and claim.
    private Map<Object, Long> write(PodClaims.Plan plan, Node node) {
        var written = new HashMap<Object, Long>();
        for (var match : plan.matches()) {
            var now = VolumeMatch.reservedFor(match.volume(), match.claim())
                            && !match.volume().spec().claimRef().uid().isEmpty()
                    ? match.volume()
                    : reserve(match.volume(), match.claim());
            written.put(now.name(), Long.parseLong(now.resourceVersion()));
        }
        for (var claim : plan.provisions()) {
            var partial = PersistentVolumeClaim.builder()
                    .metadata(metadata ->
                            metadata.uid(claim.uid()).putAnnotations(PersistentVolumes.SELECTED_NODE, node.name()));
            var now = client.mergePatch(Resources.PERSISTENT_VOLUME_CLAIMS, claim.key(), "", partial.map());
            written.put(now.key(), Long.parseLong(now.resourceVersion()));
        }
        return written;
    }

    private PersistentVolume reserve(PersistentVolume volume, PersistentVolumeClaim claim) {
        var reference = ObjectReference.builder()
                .kind(Resources.PERSISTENT_VOLUME_CLAIMS.kind())
                .apiVersion(Resources.PERSISTENT_VOLUME_CLAIMS.apiVersion())
                .namespace(claim.namespace())
                .name(claim.name())
                .uid(claim.uid())
                .resourceVersion(claim.resourceVersion());
        var partial = PersistentVolume.builder()
                .metadata(metadata -> {
                    metadata.uid(volume.uid()).resourceVersion(volume.resourceVersion());
                    if (!volume.spec().hasClaimRef())
                        metadata.putAnnotations(PersistentVolumes.BOUND_BY_CONTROLLER, "yes");
                })
                .spec(spec -> spec.claimRef(reference.build()));
        return client.mergePatch(Resources.PERSISTENT_VOLUMES, volume.key(), "", partial.map());
    }

    private static boolean older(String revision, long written) {
        return !revision.isEmpty() && Long.parseLong(revision) < written;
    }

    /// Why it will not come to what was decided, `""` while it may.
    private String failure(PodClaims.Plan plan, Node node, Map<Object, Long> written) {
        for (var match : plan.matches()) {
            var volume = volumes.volume(match.volume().name());
            if (older(volume.resourceVersion(), written.getOrDefault(volume.name(), 0L))) continue;
            if (volume.spec().claimRef().uid().isEmpty())
                return "ClaimRef got reset for pv \"" + match.volume().name() + "\"";
            if (!PersistentVolumes.reachable(volume, node)) return unreachable(volume, node);
        }
        for (var each : plan.provisions()) {
            var claim = volumes.claim(each.key());
            if (older(claim.resourceVersion(), written.getOrDefault(each.key(), 0L))) continue;
            // Who cannot make a volume there takes the annotation away.
            if (!claim.annotation(PersistentVolumes.SELECTED_NODE).equals(node.name()))
                return "provisioning failed for PVC \"" + each.name() + "\"";
            var volume = volumes.volume(claim.spec().volumeName());
            if (volume.exists() && !PersistentVolumes.reachable(volume, node)) return unreachable(volume, node);
        }
        return "";
    }

    private static String unreachable(PersistentVolume volume, Node node) {
        return "pv \"" + volume.name() + "\" node affinity doesn't match node \"" + node.name()
                + "\": no matching NodeSelectorTerms";
    }

    private boolean bound(PodClaims.Plan plan) {
        return plan.matches().stream()
                        .allMatch(match -> PersistentVolumes.fullyBound(
                                volumes.claim(match.claim().key())))
                && plan.provisions().stream()
                        .allMatch(claim -> PersistentVolumes.fullyBound(volumes.claim(claim.key())));
    }
}
