package io.navarch.cri;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// What the node agent asks of a container runtime: the calls of the CRI, with values of our own.
///
/// Every failure is a [RuntimeFailure]. Calls that stop or remove may be repeated: what has stopped already stays as it
/// is, and for what is gone they do nothing or fail with `NOT_FOUND`.
public interface ContainerRuntime extends AutoCloseable {
    record Version(String runtimeName, String runtimeVersion) {}

    /// A condition of the runtime itself, such as `NetworkReady`.
    record Condition(String type, boolean status, String reason, String message) {}

    record ExecResult(int exitCode, String stdout, String stderr) {}

    /// Which streams of a session are connected.
    record SessionStreams(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}

    /// As whom an image's processes run: by number, by a name that only the image can tell the number of, or as root
    /// when it says nothing.
    record ImageUser(OptionalLong number, String name) {}

    /// @param pinned whether the runtime needs it itself
    record Image(String id, List<String> tags, List<String> digests, long size, ImageUser user, boolean pinned) {
        public Image(String id, List<String> tags, List<String> digests, long size, ImageUser user) {
            this(id, tags, digests, size, user, false);
        }
    }

    /// What a registry is shown. Its text does not contain the password.
    record Login(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    Version version();

    List<Condition> conditions();

    /// Calls the listener with the uid of every pod whose sandbox or containers change from now on.
    ///
    /// @return false when this runtime does not tell and has to be listed again and again (containerd 1.6)
    boolean onChange(Consumer<String> podUid);

    /// Calls the listener whenever a sandbox or container may have changed, until the runtime is not heard any
    /// more. It may be told before the runtime itself knows: whoever lists at once lists again a little later.
    void follow(Runnable something);

    String runPodSandbox(SandboxConfig config);

    void stopPodSandbox(String id);

    /// Removes a stopped sandbox, and the containers in it.
    void removePodSandbox(String id);

    /// The sandbox's IP address, `""` when it has none of its own.
    String podSandboxAddress(String id);

    /// @param labels a sandbox must have all of these
    List<Sandbox> podSandboxes(Map<String, String> labels);

    String createContainer(String sandboxId, ContainerConfig config, SandboxConfig sandboxConfig);

    void startContainer(String id);

    /// Gives a running container other amounts of what it may take.
    void updateContainerResources(String id, ContainerConfig.Resources resources);

    /// Asks the process to stop, and kills it when it has not after the grace period.
    void stopContainer(String id, long graceSeconds);

    /// Removes a container, killing its process first if there still is one.
    void removeContainer(String id);

    /// @param labels a container must have all of these
    List<Container> containers(Map<String, String> labels);

    ContainerStatus containerStatus(String id);

    /// Makes the runtime write what a container prints to a new file, where the last one was.
    void reopenContainerLog(String id);

    ExecResult execSync(String id, List<String> command, long timeoutSeconds);

    /// The URL at which the runtime serves the session (SPDY/3.1).
    String exec(String id, List<String> command, SessionStreams streams);

    /// The URL at which the runtime serves the session (SPDY/3.1).
    String attach(String id, SessionStreams streams);

    /// The URL at which the runtime serves the forwarded ports (SPDY/3.1).
    String portForward(String sandboxId, List<Integer> ports);

    List<ContainerStats> stats();

    /// What one container uses, empty when that is not known.
    Optional<ContainerStats> stats(String id);

    List<Image> images();

    /// The image by name or id, if it is on this node.
    Optional<Image> image(String name);

    /// Brings an image onto this node; returns a reference that containers can be created from.
    ///
    /// @param login shown to the registry, empty for nobody's
    String pullImage(String name, Optional<Login> login);

    void removeImage(String name);

    /// The files of its images, where it shows them.
    default ImageViews imageViews() {
        return ImageViews.NONE;
    }

    @Override
    void close();
}
