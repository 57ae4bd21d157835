package io.navarch.apps.lifecycle;

import io.navarch.process.AtomicFile;
import io.navarch.process.Options;
import io.navarch.process.PartState.Phase;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `navarch agent --background`: an agent that a supervisor starts again whenever it ends, where no systemd does.
public final class BackgroundAgent {
    /// So long it may take to join.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String ROLE = "agent";

    /// What is said anew, with paths that hold wherever the process is started, or is for nobody to read.
    private static final Set<String> REPLACED =
            Set.of("data-dir", "config", "token", "token-file", "log-file", "beat-file");

    private final Cluster machine;
    private final PrintStream out;
    private final InstantSource clock;

    private BackgroundAgent(Path directory, PrintStream out, InstantSource clock) {
        machine = new Cluster(directory);
        this.out = out;
        this.clock = clock;
    }

    /// Returns once the agent answers.
    ///
    /// @param arguments of the agent, which `options` were read from
    public static int run(Path directory, List<String> arguments, Options options)
            throws IOException, InterruptedException {
        new BackgroundAgent(directory, System.out, InstantSource.system()).start(arguments, options);
        return 0;
    }

    private void start(List<String> arguments, Options options) throws IOException, InterruptedException {
        var directory = machine.directory();
        var service = SystemdService.of(directory, ROLE);
        if (service.isPresent())
            throw new IOException("systemd looks after the agent in " + directory + ": "
                    + service.get().name());
        var supervisor = machine.supervisor(ROLE);
        if (supervisor.process().isPresent()) supervisor.hurry();
        else supervisor.start(command(directory, arguments, options), Cluster.mark(ROLE));
        await(supervisor);
        out.println("agent: " + report(supervisor));
        out.println("log:   " + supervisor.log());
        out.println("next:  navarch status --data-dir " + directory + "    navarch down --data-dir " + directory);
    }

    static List<String> command(Path directory, List<String> arguments, Options options) throws IOException {
        var supervisor = new Supervisor(directory, ROLE);
        var words = new ArrayList<>(List.of(ROLE));
        words.addAll(others(arguments));
        // Also when it stands in a file or in the environment: what is started is the agent itself.
        words.add("--background=false");
        words.addAll(List.of("--data-dir", directory.toString()));
        words.addAll(List.of("--log-file", supervisor.log().toString()));
        words.addAll(List.of("--beat-file", supervisor.beats().toString()));
        if (options.given("config"))
            words.addAll(List.of(
                    "--config",
                    Path.of(options.string("config")).toAbsolutePath().toString()));
        var token = options.stringOrFile("token");
        if (!token.isEmpty()) {
            // Everybody on this machine can read command lines, and this one stays.
            var file = directory.resolve("token");
            AtomicFile.write(file, token.getBytes(StandardCharsets.UTF_8), "rw-------");
            words.addAll(List.of("--token-file", file.toString()));
        }
        return ServerProgram.command(words);
    }

    private static List<String> others(List<String> arguments) {
        var others = new ArrayList<String>();
        for (int i = 0; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            var name = argument.replaceFirst("^--", "").replaceFirst("=.*", "");
            boolean background = name.equals("background");
            if (background) continue;
            if (!REPLACED.contains(name)) others.add(argument);
            else if (!argument.contains("=")) i++;
        }
        return others;
    }

    private void await(Supervisor supervisor) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var began = clock.instant();
        while (!answers(supervisor)) {
            boolean ended = supervisor.state().phase() == Phase.REFUSED || diedSince(supervisor, began);
            if (ended || System.nanoTime() > deadline) {
                // One that has never joined is not left behind to try for ever.
                var said = report(supervisor);
                if (!Files.exists(machine.directory().resolve("identity/client.pem"))) machine.end(supervisor);
                throw new IOException("the agent does not answer: " + said + " (log: " + supervisor.log() + ")");
            }
            TaskScope.pause(50);
        }
    }

    /// Whether it has ended by itself: it would do so again.
    private static boolean diedSince(Supervisor supervisor, Instant began) {
        return supervisor
                .state()
                .death()
                .filter(death ->
                        death.why().startsWith("exit code") && death.when().isAfter(began.minusSeconds(1)))
                .isPresent();
    }

    /// Whether the process that runs has said so.
    private boolean answers(Supervisor supervisor) throws IOException {
        var process = machine.running(ROLE);
        if (process.isEmpty() || !Files.exists(supervisor.beats())) return false;
        var beat = Files.readString(supervisor.beats()).strip().split(" ");
        return beat.length == 2 && beat[0].equals(String.valueOf(process.get().pid())) && !beat[1].equals("0");
    }

    private String report(Supervisor supervisor) {
        return PartReport.of(machine.running(ROLE), supervisor.state()).told(clock.instant());
    }
}
