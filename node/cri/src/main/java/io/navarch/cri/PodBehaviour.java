package io.navarch.cri;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// How the pods of an [InMemoryRuntime] behave.
public interface PodBehaviour {
    /// The end of a process: after how long, and its exit code.
    record Exit(Duration after, int code) {}

    /// @param end how the process ends by itself; empty for one that runs until it is stopped
    /// @param whenStopped how it ends when asked to stop; after the grace period it is killed (137)
    record SimulatedProcess(Optional<Exit> end, Exit whenStopped) {}

    /// What a command does that is executed in a container.
    record SimulatedCommand(Duration takes, ContainerRuntime.ExecResult result) {}

    /// How long it takes until a pod's sandbox is ready.
    Duration sandboxStart(SandboxConfig config);

    /// The address of a new sandbox with a network of its own.
    String address(SandboxConfig config);

    SimulatedProcess process(ContainerConfig config);

    default SimulatedCommand command(List<String> command) {
        return new SimulatedCommand(Duration.ZERO, new ContainerRuntime.ExecResult(0, "", ""));
    }

    /// Whether some registry has the image for whom shows this.
    default boolean hasImage(String name, Optional<ContainerRuntime.Login> login) {
        return true;
    }

    /// As whom an image's processes run: nobody of importance, so that pods run that must not be root.
    default ContainerRuntime.ImageUser user(String image) {
        return new ContainerRuntime.ImageUser(OptionalLong.of(65_532), "");
    }
}
