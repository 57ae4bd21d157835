package io.navarch.agent.volumes;

import io.navarch.agent.decide.ClaimedVolume;
import io.navarch.client.Client;
import io.navarch.kinds.pod.PodVolumes;
import io.navarch.model.PersistentVolume;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Volume;
import io.navarch.objects.ObjectKey;

/// Reads what pods' claims stand for, each time anew.
public interface ClaimReader {
    ClaimedVolume.Seen read(Pod pod, Volume volume);

    /// @param node the name of this one
    static ClaimReader of(Client client, String node) {
        return (pod, volume) -> {
            var name = PodVolumes.claimName(pod, volume);
            var claim = client.find(Resources.PERSISTENT_VOLUME_CLAIMS, new ObjectKey(pod.namespace(), name));
            var named = claim.spec().volumeName();
            var persistent = named.isEmpty()
                    ? PersistentVolume.ABSENT
                    : client.find(Resources.PERSISTENT_VOLUMES, new ObjectKey("", named));
            return new ClaimedVolume.Seen(claim, persistent, client.find(Resources.NODES, new ObjectKey("", node)));
        };
    }
}
