package io.navarch.agent.act;

import io.navarch.cri.ContainerRuntime.Login;
import io.navarch.model.Pod;
import java.util.List;

/// Logins at registries that programs of the node know, as a port.
public interface RegistryLogins {
    /// Nobody knows any.
    RegistryLogins NONE = (pod, image) -> List.of();

    /// @param ofAccount whether it is that of the pod's account, rather than the node's
    record Known(Login login, boolean ofAccount) {}

    /// Those to try in turn for an image of a pod.
    List<Known> of(Pod pod, String image);
}
