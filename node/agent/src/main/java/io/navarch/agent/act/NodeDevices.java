package io.navarch.agent.act;

import io.navarch.agent.decide.DeviceCounts;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.HintProvider;
import io.navarch.cri.ContainerConfig.Device;
import io.navarch.cri.ContainerConfig.Mount;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Devices of the node that plugins give to containers, as a port.
public interface NodeDevices extends HintProvider {
    /// A node that has none.
    NodeDevices NONE = new NodeDevices() {
        @Override
        public DeviceCounts counts() {
            return DeviceCounts.NONE;
        }

        @Override
        public List<List<Hint>> hints(Pod pod, Container spec) {
            return List.of();
        }

        @Override
        public List<List<Hint>> hints(Pod pod) {
            return List.of();
        }

        @Override
        public void allocate(Pod pod, Container spec, Hint hint) {}

        @Override
        public Given prepare(Pod pod, Container spec) {
            return Given.NOTHING;
        }

        @Override
        public List<Held> held(String uid, String container) {
            return List.of();
        }

        @Override
        public List<Held> allocatable() {
            return List.of();
        }

        @Override
        public void onHealth(Consumer<String> uid) {}

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

    /// A device.
    ///
    /// @param nodes NUMA nodes that are close to it, none when that is not known
    record Held(String resource, String id, boolean healthy, List<Integer> nodes) {}

    /// What the node has of each resource.
    DeviceCounts counts();

    /// Makes the devices of a container ready for it.
    ///
    /// @throws UnresolvedException when they are not
    Given prepare(Pod pod, Container spec);

    /// Those that a container has, by resource and name.
    List<Held> held(String uid, String container);

    /// All that containers can have.
    List<Held> allocatable();

    /// Calls the listener with the uid of each pod that has devices whose health changes from now on.
    void onHealth(Consumer<String> uid);

    /// Takes away what others have than these.
    void keep(Set<String> uids);
}
