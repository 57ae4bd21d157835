package io.navarch.apps.lifecycle;

import io.navarch.apps.doctor.Finding;
import io.navarch.apps.doctor.MachineReader;
import io.navarch.apps.usage.Usage;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// `navarch doctor`: whether this machine is fit to run a cluster, before and after its start.
public final class DoctorCommand {
    private static final List<Option> OPTIONS = List.of(AdminAccess.DATA, Option.value("port", "6443", "of the API"));

    public static final Usage USAGE = Usage.of(
            "doctor",
            "looks at this machine, and says what to do where something is wrong",
            List.of(Usage.line("doctor [OPTIONS]", "exit code 1 when there is a problem; nothing is changed")),
            List.of(Usage.line("navarch doctor", "before the first start, and when something does not work")),
            OPTIONS);

    private DoctorCommand() {}

    public static int run(List<String> arguments, Map<String, String> environment) throws IOException {
        var options = Options.parse(OPTIONS, arguments, environment).withoutArguments();
        var cluster =
                new Cluster(Path.of(options.string(AdminAccess.DATA.name())).toAbsolutePath());
        return tell(findings(cluster, options.integer("port")), System.out);
    }

    static List<Finding> findings(Cluster cluster, int port) throws IOException {
        var own = new HashSet<Long>();
        for (var role : Cluster.ROLES) cluster.all(role).forEach(program -> own.add(program.pid()));
        return MachineReader.findings(
                cluster.directory(),
                new MachineReader.Cluster(
                        Files.exists(cluster.directory().resolve("store")),
                        cluster.server().isPresent(),
                        cluster.containerd().isPresent(),
                        port,
                        own),
                InstantSource.system().instant());
    }

    static int tell(List<Finding> findings, PrintStream out) {
        for (var finding : findings) {
            out.println(mark(finding.level()) + finding.what());
            if (!finding.advice().isEmpty()) out.println("         " + finding.advice());
        }
        long problems = findings.stream()
                .filter(each -> each.level() == Finding.Level.PROBLEM)
                .count();
        out.println(problems == 0 ? "nothing keeps a cluster from running here" : problems + " problems");
        return problems == 0 ? 0 : 1;
    }

    private static String mark(Finding.Level level) {
        return switch (level) {
            case OK -> "ok       ";
            case WARNING -> "warning  ";
            case PROBLEM -> "PROBLEM  ";
        };
    }
}
