package io.navarch.agent.volumes;

import io.navarch.agent.decide.RuntimeState;
import io.navarch.cri.ContainerConfig.Device;
import io.navarch.cri.ContainerConfig.Mount;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What pods have on the node's disk, as a port: real directories, or nothing for pods that nobody runs.
public interface PodFiles {
    /// Nothing at all.
    PodFiles NONE = new PodFiles() {
        @Override
        public void prepare(Pod pod, String podAddress) {}

        @Override
        public void refresh(Pod pod, String podAddress) {}

        @Override
        public Optional<Duration> refreshInterval(Pod pod) {
            return Optional.empty();
        }

        @Override
        public Optional<String> tooLarge(Pod pod) {
            return Optional.empty();
        }

        @Override
        public void writeHosts(Pod pod, String podAddress) {}

        @Override
        public List<Mount> mounts(Pod pod, Container spec, int attempt, Map<String, String> environment) {
            return List.of();
        }

        @Override
        public String terminationMessage(Pod pod, Container spec, RuntimeState.Container ended) {
            return "";
        }

        @Override
        public void releaseVolumes(String uid) {}

        @Override
        public boolean holdsVolumes(String uid) {
            return false;
        }

        @Override
        public Set<String> pods() {
            return Set.of();
        }

        @Override
        public void remove(Pod pod) {}

        @Override
        public void removeVolumes(String uid) {}
    };

    /// Makes what is missing for a pod that starts.
    ///
    /// @throws io.navarch.agent.decide.UnresolvedException when a volume refers to something that is not there
    void prepare(Pod pod, String podAddress);

    /// Brings the contents of a running pod's volumes up to date.
    ///
    /// @throws io.navarch.agent.decide.UnresolvedException when a volume refers to something that has gone
    void refresh(Pod pod, String podAddress);

    /// How often contents can have changed without a change of the pod; empty for never.
    Optional<Duration> refreshInterval(Pod pod);

    /// What of a running pod's has become larger than the pod said it would, in words for its end; empty if nothing.
    Optional<String> tooLarge(Pod pod);

    /// Completes the hosts file once the pod has its address.
    void writeHosts(Pod pod, String podAddress);

    /// Shows the pod an image that is one of its volumes, before what has it is mounted.
    ///
    /// @param image its id on this node
    default void showImage(Pod pod, Volume volume, String image) {}

    /// What is mounted into one attempt at a container.
    List<Mount> mounts(Pod pod, Container spec, int attempt, Map<String, String> environment);

    /// The devices that a container gets.
    default List<Device> devices(Pod pod, Container spec) {
        return List.of();
    }

    /// What an ended container left as its last words, `""` when it left none.
    String terminationMessage(Pod pod, Container spec, RuntimeState.Container ended);

    /// Takes away the volumes of a pod that has ended: others may want what is behind its claims, and the room that the
    /// others take.
    void releaseVolumes(String uid);

    /// Whether a pod's volumes still take room.
    boolean holdsVolumes(String uid);

    /// The uids of all pods of which there is anything.
    Set<String> pods();

    /// Removes everything of a pod that is gone.
    void remove(Pod pod);

    /// Removes the volumes of a pod of which only the uid is known.
    void removeVolumes(String uid);
}
