package io.navarch.comparison.projects;

import io.navarch.comparison.Difference;
import io.navarch.comparison.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/// Goes through the projects of a folder (testing/projects/fetch fills it), one after the other.
public final class Projects {
    private final Side ours;
    private final Side original;
    private final BiConsumer<String, Optional<Difference>> report;

    /// @param report gets the group and the outcome of each comparison
    public Projects(Side ours, Side original, BiConsumer<String, Optional<Difference>> report) {
        this.ours = ours;
        this.original = original;
        this.report = report;
    }

    /// What kubectl needs.
    ///
    /// @param program of any version
    /// @param ours kubeconfig, as is the next
    /// @param scratch what it keeps
    public record Kubectl(Path program, Path ours, Path original, Path scratch) {}

    /// What is done after each project: whoever ends a run early has what was found until then.
    @FunctionalInterface
    public interface Saving {
        void save() throws IOException;
    }

    /// @param wanted names of projects
    /// @param table gets a line for each project
    public void run(Path folder, Predicate<String> wanted, Kubectl kubectl, Path table, Saving saving)
            throws IOException, InterruptedException {
        var text = new StringBuilder(Result.head());
        try (var entries = Files.list(folder)) {
            for (var project : entries.filter(Files::isDirectory).sorted().toList()) {
                var name = project.getFileName().toString();
                if (!wanted.test(name)) continue;
                var calls = new AtomicLong();
                var differences = new AtomicLong();
                var findings = new Findings(ours, original, (group, difference) -> {
                    calls.incrementAndGet();
                    if (difference.isPresent()) differences.incrementAndGet();
                    report.accept("project-" + group, difference);
                });
                var explained =
                        new Explained(kubectl.program, kubectl.ours, kubectl.original, kubectl.scratch, findings);
                var result = new Project(project, findings, explained).run();
                var row = result.row(name, calls.get(), differences.get());
                System.out.print(row);
                Files.writeString(table, text.append(row));
                saving.save();
            }
        }
    }
}
