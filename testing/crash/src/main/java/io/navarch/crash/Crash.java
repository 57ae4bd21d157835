package io.navarch.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Kills servers, or takes their power, for many rounds.
///
/// `--rounds N` (20), `--mode kill|power` (kill), `--seed S` (1), `--port P` (25000), `--directory D` (below the
/// machine's temporary directory). Ends with 1 if anything was found, and with 3 where no disk can lose its power.
public final class Crash {
    private Crash() {}

    /// @param directory for everything that is written
    record Options(int rounds, boolean power, long seed, int port, Path directory) {
        static Options of(List<String> arguments) throws IOException {
            int rounds = 20;
            long seed = 1;
            int port = 25000;
            var mode = "kill";
            var directory = "";
            for (int i = 0; i + 1 < arguments.size(); i += 2) {
                var value = arguments.get(i + 1);
                switch (arguments.get(i)) {
                    case "--rounds" -> rounds = Integer.parseInt(value);
                    case "--seed" -> seed = Long.parseLong(value);
                    case "--port" -> port = Integer.parseInt(value);
                    case "--mode" -> mode = value;
                    case "--directory" -> directory = value;
                    default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
                }
            }
            if (!List.of("kill", "power").contains(mode))
                throw new IllegalArgumentException("--mode kill or --mode power");
            var place = directory.isEmpty() ? Files.createTempDirectory("crash-" + mode + "-") : Path.of(directory);
            return new Options(rounds, mode.equals("power"), seed, port, Files.createDirectories(place));
        }
    }

    public static void main(String... arguments) throws Exception {
        var options = Options.of(List.of(arguments));
        if (options.power && !LoopDisk.possible()) {
            System.out.println("power cannot be taken here: that needs root, loop devices and ext4");
            System.exit(3);
        }
        var tally = new Tally();
        var program = Victim.program(Path.of("navarch").toAbsolutePath());
        var rounds = new Rounds(options, program, tally);
        var runner = Thread.currentThread();
        // A signal ends the round, and what it has made.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            runner.interrupt();
            try {
                runner.join(20_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        int failed = 1;
        try (rounds) {
            rounds.run();
            failed = tally.findings() == 0 && tally.of("inspections") > 0 ? 0 : 1;
        } catch (InterruptedException e) {
            System.out.println("stopped");
        } finally {
            System.out.println((options.power ? "power" : "kill") + ": " + tally);
        }
        // Not System.exit: the hook would wait for this thread.
        Runtime.getRuntime().halt(failed);
    }
}
