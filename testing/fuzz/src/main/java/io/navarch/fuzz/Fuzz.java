package io.navarch.fuzz;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Feeds mutated input to all targets in turn.
///
/// `--seconds N` for each (60), `--seed S` (1), `--target NAME` for one alone. Ends with 1 if anything was found.
public final class Fuzz {
    /// So long may one input take at most.
    private static final long PATIENCE = 20;

    private Fuzz() {}

    public static void main(String... arguments) throws Exception {
        long seconds = 60;
        long seed = 1;
        var wanted = "";
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--seconds" -> seconds = Long.parseLong(arguments[i + 1]);
                case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
                case "--target" -> wanted = arguments[i + 1];
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        boolean found = false;
        for (var source : List.<Source>of(Decoders::all, Server::all)) {
            try (var targets = source.open()) {
                for (var target : targets.list()) {
                    if (!wanted.isEmpty() && !target.name().equals(wanted)) continue;
                    long end = System.nanoTime() + seconds * 1_000_000_000L;
                    var findings = run(target, seed, () -> System.nanoTime() < end);
                    found |= !findings.isEmpty();
                }
            }
        }
        System.exit(found ? 1 : 0);
    }

    interface Source {
        Targets open() throws Exception;
    }

    /// Runs one target on a thread as the server's, and says what it brought to light.
    static List<Campaign.Finding> run(Target target, long seed, BooleanSupplier goesOn) throws InterruptedException {
        var campaign = new Campaign(target, seed);
        var thread = Thread.ofVirtual().name(target.name()).start(() -> campaign.run(goesOn));
        var findings = new ArrayList<Campaign.Finding>();
        while (!thread.join(Duration.ofMillis(200))) {
            if (campaign.waiting() < PATIENCE) continue;
            findings.add(campaign.stuck());
            for (var frame : thread.getStackTrace()) System.out.println("    at " + frame);
            break;
        }
        findings.addAll(campaign.findings());
        System.out.printf("%-24s %,12d inputs, %d findings%n", campaign.name(), campaign.count(), findings.size());
        for (var finding : findings) {
            System.out.println(finding);
            for (var frame : finding.cause().getStackTrace()) {
                System.out.println("    at " + frame);
                if (frame.getClassName().startsWith("io.navarch.fuzz")) break;
            }
        }
        return findings;
    }
}
