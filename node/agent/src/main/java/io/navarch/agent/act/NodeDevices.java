package io.navarch.agent.act;

import io.navarch.agent.decide.DeviceCounts;
import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.cri.ContainerConfig.Device;
import io.navarch.cri.ContainerConfig.Mount;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Devices of the node that plugins give to containers, as a port.
public interface NodeDevices {
    /// A node that has none.
    NodeDevices NONE = new NodeDevices() {
        @Override
        public DeviceCounts counts() {
            return DeviceCounts.NONE;
        }

        @Override
        public Optional<Rejection> admit(Pod pod) {
            return Optional.empty();
        }

        @Override
        public Given prepare(Pod pod, Container spec) {
            return Given.NOTHING;
        }

        @Override
        public void release(String uid) {}

        @Override
        public void keep(Set<String> uids) {}
    };

    /// What a container is given so that it can use its devices.
    record Given(
            Map<String, String> environment,
            List<Mount> mounts,
            List<Device> devices,
            List<String> cdi,
            Map<String, String> annotations) {
        public static final Given NOTHING = new Given(Map.of(), List.of(), List.of(), List.of(), Map.of());
    }

    /// What the node has of each resource.
    DeviceCounts counts();

    /// Gives a new pod its devices, unless there are not enough.
    Optional<Rejection> admit(Pod pod);

    /// Makes the devices of a container ready for it.
    ///
    /// @throws UnresolvedException when they are not
    Given prepare(Pod pod, Container spec);

    /// A pod has no devices any more: it has ended, or is gone.
    void release(String uid);

    /// Takes away what others have than these.
    void keep(Set<String> uids);
}
