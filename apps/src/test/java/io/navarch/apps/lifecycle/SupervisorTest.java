package io.navarch.apps.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.PartState.Phase;
import io.navarch.process.RunningProgram;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The script with a program that does what the files in its directory say.
@Timeout(120)
class SupervisorTest {
    private static final String PROGRAM = """
            # MARK
            echo "speaks $$"
            [ -f $1/beat ] && echo "$$ 1" >$1/server.beat
            [ -f $1/exit ] && exit "$(cat $1/exit)"
            while [ -d $1 ]; do sleep 0.05; done
            """;

    @TempDir
    Path directory;

    private Supervisor supervisor;

    @BeforeEach
    void program() throws IOException {
        supervisor = new Supervisor(directory, "server");
        Files.writeString(directory.resolve("MARK"), PROGRAM);
    }

    @AfterEach
    void end() throws InterruptedException {
        var process = supervisor.process();
        if (process.isPresent()) Cluster.end(process.get());
        // Who watches may have taken its place.
        while (!supervisor.all().isEmpty()) for (var left : supervisor.all()) kill(left.pid());
        for (var left : programs()) kill(left.pid());
    }

    /// Without what one of them is about to call: until then it looks the same.
    private List<RunningProgram> programs() {
        return RunningProgram.all(
                each -> isProgram(each) && parent(each).filter(this::isProgram).isEmpty());
    }

    private boolean isProgram(RunningProgram each) {
        return each.program().equals("sh") && each.arguments().get(1).equals(directory + "/MARK");
    }

    private static Optional<RunningProgram> parent(RunningProgram program) {
        return program.process().flatMap(ProcessHandle::parent).flatMap(parent -> RunningProgram.of(parent.pid()));
    }

    private void start() throws IOException {
        var builder = supervisor.prepare(List.of("sh", directory + "/MARK", directory.toString()), "MARK");
        builder.environment().put("NAVARCH_SUPERVISE_LOOK", "0.1");
        builder.start();
    }

    private static void kill(long pid) throws InterruptedException {
        var process = ProcessHandle.of(pid);
        if (process.isPresent()) Cluster.kill(process.get());
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) TaskScope.pause(10);
    }

    /// Waits for a program that is not this one, and says which it is.
    private long programAfter(long former) throws InterruptedException {
        until(() -> supervisor.state().phase() == Phase.RUNNING && running() > 0 && running() != former);
        return running();
    }

    private long running() {
        return RunningProgram.in(supervisor.pidFile(), each -> each.has(directory + "/MARK"))
                .map(RunningProgram::pid)
                .orElse(0L);
    }

    @Test
    void whatIsKilledRunsAgainAtOnceAndThenEverLater() throws Exception {
        start();
        long pid = programAfter(0);
        kill(pid);
        pid = programAfter(pid);
        assertThat(supervisor.state().restarts()).isEqualTo(1);
        var death = supervisor.state().death().orElseThrow();
        assertThat(death.told()).startsWith("signal 9 (SIGKILL); it last said: speaks ");
        for (long seconds : new long[] {1, 2, 4, 8, 16, 30, 30}) {
            kill(pid);
            until(() -> supervisor.state().phase() == Phase.WAITING);
            var state = supervisor.state();
            assertThat(Duration.between(state.death().orElseThrow().when(), state.next()))
                    .hasSeconds(seconds);
            until(() -> {
                supervisor.hurry();
                return supervisor.state().phase() == Phase.RUNNING;
            });
            pid = programAfter(pid);
        }
        assertThat(programs()).hasSize(1);
    }

    @Test
    void whatWouldEndTheSameWayAgainIsNotTriedAgain() throws Exception {
        for (var code : List.of("2", "78")) {
            Files.writeString(directory.resolve("exit"), code);
            start();
            until(() -> supervisor.state().phase() == Phase.REFUSED
                    && supervisor.all().isEmpty());
            assertThat(supervisor.state().death().orElseThrow().why()).isEqualTo("exit code " + code);
            Files.delete(directory.resolve("server.state"));
        }
    }

    @Test
    void whoEndsItEndsTheProgram() throws Exception {
        start();
        programAfter(0);
        Cluster.end(supervisor.process().orElseThrow());
        assertThat(supervisor.state().phase()).isEqualTo(Phase.STOPPED);
        assertThat(programs()).isEmpty();
        until(() -> supervisor.all().isEmpty());
    }

    /// Both may be looked after in directories of one machine.
    @Test
    void anAgentIsLookedAfterAsAServerIs() throws Exception {
        supervisor = new Supervisor(directory, "agent");
        start();
        long pid = programAfter(0);
        kill(pid);
        pid = programAfter(pid);
        assertThat(supervisor.state().restarts()).isEqualTo(1);
        assertThat(supervisor.state().death().orElseThrow().told()).startsWith("signal 9 (SIGKILL)");
        assertThat(directory.resolve("agent.log")).content().contains("speaks " + pid);
        assertThat(new Supervisor(directory, "server").all()).isEmpty();
        // What is ended on purpose has not died.
        Cluster.end(supervisor.process().orElseThrow());
        assertThat(supervisor.state().phase()).isEqualTo(Phase.STOPPED);
        assertThat(supervisor.state().death().orElseThrow().told()).startsWith("signal 9 (SIGKILL)");
        assertThat(directory.resolve("server.pid")).doesNotExist();
    }

    @Test
    void thereIsNeverASecond() throws Exception {
        start();
        long pid = programAfter(0);
        var second = supervisor
                .prepare(List.of("sh", directory + "/MARK", directory.toString()), "MARK")
                .start();
        assertThat(second.waitFor()).isEqualTo(75);
        assertThat(programs()).singleElement().extracting(RunningProgram::pid).isEqualTo(pid);
    }

    @Test
    void whoDiesHimselfIsFollowedByOneThatKeepsTheProgram() throws Exception {
        start();
        long pid = programAfter(0);
        long former = supervisor.process().orElseThrow().pid();
        kill(former);
        until(() -> supervisor.process().filter(each -> each.pid() != former).isPresent());
        until(() -> supervisor.state().keeper() != former);
        assertThat(programs()).singleElement().extracting(RunningProgram::pid).isEqualTo(pid);
        kill(pid);
        programAfter(pid);
        assertThat(supervisor.state().death().orElseThrow().why()).startsWith("unknown");
        assertThat(programs()).hasSize(1);
    }

    @Test
    void whatHangsIsKilledAndStartedAgain() throws Exception {
        Files.createFile(directory.resolve("beat"));
        start();
        programAfter(programAfter(0));
        until(() -> supervisor.state().death().isPresent());
        assertThat(supervisor.state().death().orElseThrow().why())
                .isEqualTo("did not answer for a minute and was killed");
    }

    @Test
    void aFullLogIsPutAside() throws Exception {
        Files.write(directory.resolve("server.log"), new byte[10 << 20]);
        Files.writeString(directory.resolve("server.log.1"), "older");
        start();
        programAfter(0);
        until(() -> directory.resolve("server.log").toFile().length() > 0);
        assertThat(directory.resolve("server.log.1").toFile()).hasSize(10 << 20);
        assertThat(directory.resolve("server.log.2")).hasContent("older");
        assertThat(Files.readString(directory.resolve("server.log"))).startsWith("speaks ");
    }
}
