package io.navarch.cri;

import io.navarch.cri.ContainerRuntime.ExecResult;
import io.navarch.process.SystemTimers;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/// The twin keeps the contract, with processes that do what their command line says.
class InMemoryRuntimeTest extends RuntimeContract {
    /// Just enough of a shell for the contract's commands.
    private static final PodBehaviour SHELL = new PodBehaviour() {
        @Override
        public Duration sandboxStart(SandboxConfig config) {
            return Duration.ofMillis(5);
        }

        @Override
        public String address(SandboxConfig config) {
            return "10.0.0.1";
        }

        @Override
        public SimulatedProcess process(ContainerConfig config) {
            var command = config.entrypoint().command();
            var end = command.contains("sleep")
                    ? Optional.<Exit>empty()
                    : Optional.of(new Exit(Duration.ofMillis(5), exitCode(command)));
            return new SimulatedProcess(end, new Exit(Duration.ofDays(1), 143));
        }

        @Override
        public SimulatedCommand command(List<String> command) {
            var takes = command.contains("sleep") ? Duration.ofDays(1) : Duration.ZERO;
            var out = command.contains("echo") ? command.getLast() + "\n" : "";
            return new SimulatedCommand(takes, new ExecResult(exitCode(command), out, ""));
        }

        @Override
        public boolean hasImage(String name, Optional<ContainerRuntime.Login> login) {
            return !name.contains("missing");
        }

        private static int exitCode(List<String> command) {
            var script = command.getLast();
            return script.startsWith("exit ") ? Integer.parseInt(script.substring(5)) : 0;
        }
    };

    private final TaskScope scope = new TaskScope();
    private final InMemoryRuntime runtime =
            new InMemoryRuntime("test", SHELL, InstantSource.system(), new SystemTimers(scope));

    @Override
    ContainerRuntime runtime() {
        return runtime;
    }

    @Override
    String image() {
        return "test:1";
    }

    @Override
    String missingImage() {
        return "missing:1";
    }

    @AfterEach
    void close() {
        runtime.close();
        scope.close();
    }
}
