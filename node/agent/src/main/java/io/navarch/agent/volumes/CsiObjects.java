package io.navarch.agent.volumes;

import io.navarch.agent.decide.CsiVolume;
import io.navarch.model.ApiObject;
import io.navarch.model.CSIDriver;
import io.navarch.model.EventType;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.SecretReference;
import io.navarch.model.VolumeAttachment;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What the API says about drivers' volumes, and is told, as a port.
public interface CsiObjects {
    /// What a driver declares, absent when it declares nothing.
    CSIDriver driver(String name);

    /// The credentials that a volume names; none when it names none.
    ///
    /// @throws io.navarch.agent.decide.UnresolvedException when they are not there
    Map<String, String> secret(SecretReference reference);

    /// The tokens of the pod's account that a driver asks for, `""` when it asks for none.
    String tokens(Pod pod, CSIDriver driver);

    /// How a volume is attached to this node, absent while it is not: both the node and the attachment must say so.
    VolumeAttachment attached(CsiVolume volume);

    /// The uid of this node's Node as it was last seen, `""` while there is none.
    String node();

    /// The volumes that the node uses: nobody may detach them.
    void use(List<String> uniqueNames);

    /// Writes the status of a claim, unless it has changed meanwhile, and returns the claim as it is then.
    PersistentVolumeClaim status(PersistentVolumeClaim before, PersistentVolumeClaim after);

    void event(ApiObject about, EventType type, String reason, String message);

    Instant now();

    /// Whether nobody waits for the pod's volumes any more.
    boolean going(Pod pod);
}
