package io.navarch.csi;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A program that gives devices of the node to containers, as a port. Every call may fail with a [CsiFailure].
///
/// Source: https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/
public interface DevicePlugin {
    /// @param preStart whether it wants to hear of each start of a container
    /// @param preferred whether it can say which devices go well together
    record Capabilities(boolean preStart, boolean preferred) {}

    /// @param nodes NUMA nodes that are close to it, none when it does not say
    record Device(String id, boolean healthy, List<Integer> nodes) {
        public Device(String id, boolean healthy) {
            this(id, healthy, List.of());
        }
    }

    /// What a container needs to use its devices.
    ///
    /// @param cdi names of devices that the runtime knows by itself
    record Granted(
            Map<String, String> environment,
            List<Mount> mounts,
            List<Node> nodes,
            Map<String, String> annotations,
            List<String> cdi) {
        public static final Granted NOTHING = new Granted(Map.of(), List.of(), List.of(), Map.of(), List.of());
    }

    record Mount(String containerPath, String hostPath, boolean readOnly) {}

    /// A device file.
    record Node(String containerPath, String hostPath, String permissions) {}

    Capabilities capabilities();

    /// Tells of all devices, at once and whenever something changes; returns when the plugin has ended.
    void follow(Consumer<List<Device>> devices);

    Granted allocate(List<String> ids);

    /// Which of the devices it would rather give.
    ///
    /// @param taken those of `available` that it has to be in any case
    List<String> preferred(List<String> available, List<String> taken, int size);

    void preStart(List<String> ids);
}
