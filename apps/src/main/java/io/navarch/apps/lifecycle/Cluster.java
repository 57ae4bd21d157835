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

    static Path userKubeconfig() {
        return Path.of(System.getProperty("user.home"), ".kube", "config");
    }

    Path kubeconfig() {
        return directory.resolve("admin.kubeconfig");
    }

    Path log() {
        return supervisor().log();
    }

    Supervisor supervisor() {
        return new Supervisor(directory, SERVER);
    }

    /// What a server's command line holds and no other's.
    static String serverMark() {
        return MAIN + " " + SERVER;
    }

    /// The server's process, if it runs, whoever has started it.
    Optional<ProcessHandle> server() {
        return RunningProgram.in(supervisor().pidFile(), program -> isRole(program, SERVER))
                .or(() -> servers().stream().findFirst())
                .flatMap(RunningProgram::process);
    }

    List<RunningProgram> servers() {
        return RunningProgram.all(program -> isRole(program, SERVER));
    }

    /// Agents that keep what they have in this directory.
    List<RunningProgram> agents() {
        return RunningProgram.all(program -> isRole(program, "agent"));
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
