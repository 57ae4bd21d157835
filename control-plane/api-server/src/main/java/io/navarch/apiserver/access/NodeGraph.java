package io.navarch.apiserver.access;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Resources;
import io.navarch.model.ApiObject;
import io.navarch.model.PersistentVolume;
import io.navarch.model.Pod;
import io.navarch.model.ResourceSlice;
import io.navarch.model.VolumeAttachment;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission.Reference;
import java.util.Set;
import java.util.function.Function;

/// What belongs to which node: pods, what their pods name, the volumes of their claims, the secrets of these
/// volumes, attachments, resource slices. It is worked out from the caches when somebody asks, so that a node
/// may read what a pod needs as soon as the pod is bound to it.
public final class NodeGraph {
    private static final ResourceType<Pod> PODS = io.navarch.model.Resources.PODS;
    private static final ResourceType<PersistentVolume> VOLUMES = io.navarch.model.Resources.PERSISTENT_VOLUMES;
    private static final ResourceType<VolumeAttachment> ATTACHMENTS = io.navarch.model.Resources.VOLUME_ATTACHMENTS;
    private static final ResourceType<ResourceSlice> SLICES = io.navarch.model.Resources.RESOURCE_SLICES;
    private static final String CLAIMS = io.navarch.model.Resources.PERSISTENT_VOLUME_CLAIMS.plural();
    private static final String SECRETS = io.navarch.model.Resources.SECRETS.plural();

    private final Resources resources;
    /// Which nodes' pods name an object.
    private final ReverseIndex byPods;
    /// Which volumes name a secret.
    private final ReverseIndex byVolumes;
    private final Function<PersistentVolume, String> keepers;

    /// @param ofPods what a pod names
    /// @param ofVolumes what secrets a volume of a claim names
    /// @param keepers the node that keeps a volume on its disk and looks after it there, `""` when none does
    public NodeGraph(
            Resources resources,
            Function<Pod, Set<Reference>> ofPods,
            Function<PersistentVolume, Set<Reference>> ofVolumes,
            Function<PersistentVolume, String> keepers) {
        this.resources = resources;
        this.keepers = keepers;
        byPods = new ReverseIndex(
                () -> resources
                        .storage()
                        .cache(resources.kind(PODS.group(), PODS.plural()).orElseThrow()),
                stored -> entry(PODS.read(stored.read()), ofPods));
        byVolumes = new ReverseIndex(
                () -> resources
                        .storage()
                        .cache(resources.kind(VOLUMES.group(), VOLUMES.plural()).orElseThrow()),
                stored -> new ReverseIndex.Entry(stored.name(), ofVolumes.apply(VOLUMES.read(stored.read()))));
    }

    private static ReverseIndex.Entry entry(Pod pod, Function<Pod, Set<Reference>> references) {
        var node = pod.spec().nodeName();
        return new ReverseIndex.Entry(node, node.isEmpty() ? Set.of() : references.apply(pod));
    }

    /// Whether the node needs the object.
    boolean connects(String node, String group, String plural, String namespace, String name) {
        if (node.isEmpty()) return false;
        var reference = new Reference(group, plural, namespace, name);
        if (group.equals(PODS.group()) && plural.equals(PODS.plural()))
            return object(PODS, namespace, name).spec().nodeName().equals(node);
        if (group.equals(VOLUMES.group()) && plural.equals(VOLUMES.plural())) return volume(node, name);
        if (group.equals(ATTACHMENTS.group()) && plural.equals(ATTACHMENTS.plural()))
            return object(ATTACHMENTS, "", name).spec().nodeName().equals(node);
        if (group.equals(SLICES.group()) && plural.equals(SLICES.plural()))
            return object(SLICES, "", name).spec().nodeName().equals(node);
        if (byPods.owners(reference).contains(node)) return true;
        return group.isEmpty()
                && plural.equals(SECRETS)
                && byVolumes.owners(reference).stream().anyMatch(volume -> volume(node, volume));
    }

    /// Whether the node keeps the volume on its disk.
    boolean keeps(String node, String volume) {
        return !node.isEmpty() && node.equals(keepers.apply(object(VOLUMES, "", volume)));
    }

    private boolean volume(String node, String name) {
        var claim = object(VOLUMES, "", name).spec().claimRef();
        return claim.exists()
                && byPods.owners(new Reference("", CLAIMS, claim.namespace(), claim.name()))
                        .contains(node);
    }

    private <T extends ApiObject> T object(ResourceType<T> type, String namespace, String name) {
        var kind = resources.kind(type.group(), type.plural());
        return type.read(kind.flatMap(each -> resources
                        .storage()
                        .cache(each)
                        .get(each.storagePrefix() + (each.namespaced() ? namespace + "/" : "") + name))
                .map(StoredObject::read)
                .orElse(View.ABSENT));
    }
}
