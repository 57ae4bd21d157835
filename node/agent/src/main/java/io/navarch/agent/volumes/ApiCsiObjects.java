package io.navarch.agent.volumes;

import io.navarch.agent.decide.CsiVolume;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.client.Client;
import io.navarch.client.EventRecorder;
import io.navarch.model.ApiObject;
import io.navarch.model.CSIDriver;
import io.navarch.model.EventType;
import io.navarch.model.Node;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.SecretReference;
import io.navarch.model.VolumeAttachment;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// The API, asked anew each time.
///
/// @param name of this node
/// @param self this node as it was last seen
/// @param pods as they were last seen, absent when there is none
public record ApiCsiObjects(
        Client client,
        String name,
        Supplier<Node> self,
        ProjectedTokens tokens,
        Function<ObjectKey, Pod> pods,
        EventRecorder events,
        InstantSource clock)
        implements CsiObjects {
    @Override
    public CSIDriver driver(String name) {
        return client.find(Resources.CSI_DRIVERS, new ObjectKey("", name));
    }

    @Override
    public Map<String, String> secret(SecretReference reference) {
        if (!reference.exists()) return Map.of();
        var secret = client.find(Resources.SECRETS, new ObjectKey(reference.namespace(), reference.name()));
        if (!secret.exists())
            throw new UnresolvedException("kubernetes.io/csi: failed to find the secret " + reference.name()
                    + " in the namespace " + reference.namespace() + " with error: secrets \"" + reference.name()
                    + "\" not found");
        var texts = new HashMap<String, String>();
        secret.data().forEach((key, value) -> texts.put(key, new String(value, StandardCharsets.UTF_8)));
        return texts;
    }

    @Override
    public String tokens(Pod pod, CSIDriver driver) {
        var requests = driver.spec().tokenRequests();
        if (requests.isEmpty()) return "";
        var byAudience = new TreeMap<String, Object>();
        for (var request : requests) {
            var status = tokens.token(pod, request.audience(), request.expirationSecondsOr(ProjectedTokens.SECONDS));
            byAudience.put(request.audience(), status.view().map());
        }
        return Json.writeString(byAudience);
    }

    @Override
    public VolumeAttachment attached(CsiVolume volume) {
        // Many may wait for long: the API is asked once the node is seen to have it, and then must say so itself.
        if (!has(self.get(), volume) || !has(client.find(Resources.NODES, new ObjectKey("", name)), volume))
            return VolumeAttachment.ABSENT;
        var attachment = client.find(Resources.VOLUME_ATTACHMENTS, new ObjectKey("", volume.attachment(name)));
        return attachment.status().attached() && !attachment.deleting() ? attachment : VolumeAttachment.ABSENT;
    }

    /// The controller takes it from the node before it detaches it.
    private static boolean has(Node node, CsiVolume volume) {
        return node.status().volumesAttached().stream()
                .anyMatch(each -> each.name().equals(volume.uniqueName()));
    }

    @Override
    public String node() {
        return self.get().uid();
    }

    @Override
    public void use(List<String> uniqueNames) {
        var status = Node.builder().status(it -> it.volumesInUse(uniqueNames));
        client.mergePatch(Resources.NODES, new ObjectKey("", name), "status", status.map());
    }

    @Override
    public PersistentVolumeClaim status(PersistentVolumeClaim before, PersistentVolumeClaim after) {
        var patch = Trees.changes(before.view().map(), after.view().map());
        if (patch.isEmpty()) return before;
        ObjectMeta.edit(Trees.child(patch, PersistentVolumeClaim.METADATA))
                .uid(before.uid())
                .resourceVersion(before.resourceVersion());
        return client.mergePatch(Resources.PERSISTENT_VOLUME_CLAIMS, before.key(), "status", patch);
    }

    @Override
    public void event(ApiObject about, EventType type, String reason, String message) {
        events.record(about, type, reason, message);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public boolean going(Pod pod) {
        var cached = pods.apply(pod.key());
        return !cached.uid().equals(pod.uid()) || cached.deleting();
    }
}
