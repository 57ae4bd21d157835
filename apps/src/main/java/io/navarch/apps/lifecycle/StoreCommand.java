package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.store.StoreCheck;
import io.navarch.store.StoreRepair;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `navarch store check` reads all of a stopped server's store and says what is damaged; `navarch store repair` makes a
/// store of what can be read, keeps the damaged one beside it, and names what is lost.
public final class StoreCommand {
    private static final List<Option> OPTIONS = List.of(AdminAccess.DATA);

    public static final Usage USAGE = Usage.of(
            "store",
            "looks at what is stored, or makes the best of what is damaged; while the server is down",
            List.of(
                    Usage.line("store check", "reads all of it and names what is wrong; exit code 1 when anything is"),
                    Usage.line("store repair", "keeps what can be read, and the damaged files beside it")),
            List.of(),
            OPTIONS);

    private StoreCommand() {}

    public static int run(List<String> arguments, Map<String, String> environment) throws IOException {
        var options = Options.parse(OPTIONS, arguments, environment);
        var directory = Path.of(options.string("data-dir")).toAbsolutePath().resolve("store");
        return switch (String.join(" ", options.positional())) {
            case "check" -> check(directory, System.out);
            case "repair" -> repair(directory, System.out);
            default -> throw USAGE.wrong(options.positional());
        };
    }

    static int check(Path directory, PrintStream out) {
        var report = StoreCheck.check(directory);
        out.printf(
                "%s: revision %d, compacted up to %d, %d keys, %d versions%n",
                directory, report.revision(), report.compacted(), report.keys(), report.versions());
        report.problems().forEach(problem -> out.println("  " + problem));
        out.println(
                report.problems().isEmpty()
                        ? "all of it can be read, and all parts agree"
                        : "restore a backup, or go on without what is damaged: `navarch store repair`");
        return report.problems().isEmpty() ? 0 : 1;
    }

    static int repair(Path directory, PrintStream out) throws IOException {
        var report = StoreRepair.repair(directory);
        out.printf("%d keys are as they were; the damaged store is now %s%n", report.kept(), report.before());
        report.lost().forEach(lost -> out.println("  lost: " + lost));
        return 0;
    }
}
