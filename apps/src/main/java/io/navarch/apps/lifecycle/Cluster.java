package io.navarch.apps.lifecycle;

import io.navarch.images.Containerd;
import io.navarch.process.PartState;
import io.navarch.process.RunningProgram;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A cluster on this machine as its processes and files: what `up`, `down` and `status` work on.
record Cluster(Path directory) {
    private static final String MAIN = "io.navarch.apps.Main";
    private static final String SERVER = "server";

    /// What may run in a directory and be started again by a supervisor.
    static final List<String> ROLES = List.of(SERVER, "agent");

    private static final Path USUAL = Path.of("/var/lib/navarch");

    /// Whether commands mean this directory when none is said.
    static boolean isUsual(Path directory) {
        return directory.equals(USUAL);
    }

    static Path userKubeconfig() {
        return Path.of(System.getProperty("user.home"), ".kube", "config");
    }

    Path kubeconfig() {
        return directory.resolve("admin.kubeconfig");
    }

    Path log() {
        return supervisor().log();
    }

    /// Of its own images.
    Path images() {
        return directory.resolve("images");
    }

    Supervisor supervisor() {
        return supervisor(SERVER);
    }

    Supervisor supervisor(String role) {
        return new Supervisor(directory, role);
    }

    /// What the command line of a role's process holds and no other's.
    static String mark(String role) {
        return MAIN + " " + role;
    }

    /// The server's process, if it runs, whoever has started it.
    Optional<ProcessHandle> server() {
        return running(SERVER);
    }

    /// The process of a role, if it runs, whoever has started it.
    Optional<ProcessHandle> running(String role) {
        return RunningProgram.in(supervisor(role).pidFile(), program -> isRole(program, role))
                .or(() -> all(role).stream().findFirst())
                .flatMap(RunningProgram::process);
    }

    /// Those that keep what they have in this directory.
    List<RunningProgram> all(String role) {
        return RunningProgram.all(program -> isRole(program, role));
    }

    /// Whether a node of somebody else's control plane was made here.
    boolean joined() {
        return Files.exists(directory.resolve("identity"))
                || supervisor("agent").state().phase() != PartState.Phase.UNKNOWN;
    }

    /// Whether it is `navarch ROLE` with this data directory.
    boolean isRole(RunningProgram program, String role) {
        int main = program.arguments().indexOf(MAIN);
        if (!program.program().equals("java") || main < 0) return false;
        var rest = program.arguments().subList(main + 1, program.arguments().size());
        if (rest.isEmpty() || !rest.getFirst().equals(role)) return false;
        var usual = role.equals(SERVER) ? "/var/lib/navarch" : "/var/lib/navarch-agent";
        var data = program.directory().resolve(program.option("data-dir", usual));
        return data.normalize().equals(directory.normalize());
    }

    Containerd runtime() {
        return new Containerd(directory);
    }

    Optional<ProcessHandle> containerd() {
        return runtime().process();
    }

    PartState containerdState() {
        try {
            return PartState.parse(Files.readString(runtime().stateFile()));
        } catch (IOException e) {
            return PartState.UNKNOWN;
        }
    }

    /// Ends a supervisor, and it what it looks after; who has not done so in time is ended before he could start
    /// another.
    void end(Supervisor supervisor) throws InterruptedException {
        var process = supervisor.process();
        if (process.isPresent()) end(process.get());
        // Who watches beside one that died may be about to take its place.
        for (var left = supervisor.all(); !left.isEmpty(); left = supervisor.all())
            for (var one : left) one.process().ifPresent(ProcessHandle::destroyForcibly);
    }

    /// Ends a process: asks first, then insists.
    static void end(ProcessHandle process) throws InterruptedException {
        process.destroy();
        for (int i = 0; i < 150 && runs(process); i++) TaskScope.pause(100);
        kill(process);
    }

    static void kill(ProcessHandle process) throws InterruptedException {
        process.destroyForcibly();
        while (runs(process)) TaskScope.pause(20);
    }

    /// One that has ended may keep its number until somebody asks how.
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && RunningProgram.of(process.pid()).isPresent();
    }
}
