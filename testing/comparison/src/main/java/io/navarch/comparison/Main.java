package io.navarch.comparison;

import io.navarch.comparison.generate.Sample;
import io.navarch.comparison.loops.Loops;
import io.navarch.comparison.projects.Projects;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.kinds.BuiltInKinds;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Compares a Navarch server with the original, call by call.
public final class Main {
    private static final List<Option> DECLARED = List.of(
            Option.value("ours", "", "kubeconfig of the Navarch server"),
            Option.value("original", "", "kubeconfig of the original"),
            Option.value("samples", "api/kinds/src/test/resources/io/navarch/kinds", "folder of the kinds' examples"),
            Option.value("out", "testing/comparison/target/report", "folder for what was found"),
            Option.value("manifests", "", "folder with manifests of real projects, a folder or file for each"),
            Option.value("kubectl", "", "kubectl, for the group of that name"),
            Option.value("page", "", "file to write the page of differences to"),
            Option.list("with", "folders of earlier runs whose findings are told as well"),
            Option.value("facts", "", "folder to keep the original's answers in"),
            Option.list("scenario", "play these scenarios only, by the beginning of their names"),
            Option.value("projects", "", "folder with definitions and samples of projects, for the group project"),
            Option.list("project", "these projects only"),
            Option.list("kind", "compare these kinds only, such as pod or deployment.apps"),
            Option.value("sequences", "2000", "how many sequences of calls"),
            Option.value("first-sequence", "0", "the first of them; the same number is the same sequence always"),
            Option.list(
                    "group", "compare these groups of calls only: create, update, status, patch, request, document"));

    /// Groups of calls about a kind.
    private static final List<String> OF_KINDS = List.of("create", "update", "status", "patch", "request");

    /// Custom resources are served by then.
    private static final long SERVED_MILLIS = 5_000;

    /// After so many sequences what was found is written down.
    private static final long SAVED = 1000;

    private final Options options;
    private final Run run;
    private final Report report = new Report();

    private Main(Options options, HttpClient http) throws IOException {
        this.options = options;
        run = new Run(
                new Side(http, Path.of(options.string("ours"))),
                new Side(http, Path.of(options.string("original"))),
                report);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var options = Options.parse(DECLARED, List.of(arguments), Map.of());
        options.withoutArguments();
        try (var loops = new EventLoops(2)) {
            var http = new HttpClient(loops, Duration.ofSeconds(5));
            new Main(options, http).run();
            http.close();
        }
    }

    private void run() throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (var earlier : options.strings("with")) report.add(Path.of(earlier));
        for (var call : Samples.prepare()) run.silently(call);
        if (!options.string("manifests").isEmpty())
            new Manifests(run, report).run(Path.of(options.string("manifests")));
        if (wants("document")) run.all("document", Documents.calls());
        if (OF_KINDS.stream().anyMatch(this::wants)) kinds();
        if (wants("sequence")) sequences();
        if (options.strings("group").contains("kubectl")) kubectl();
        if (options.strings("group").contains("loop")) loops();
        if (options.strings("group").contains("project")) projects();
        save();
        if (!options.string("page").isEmpty())
            Files.writeString(
                    Path.of(options.string("page")),
                    report.page(Reasons.read(Path.of("testing/comparison/reasons.txt"))));
        System.out.print(report.summary());
        System.out.printf("%d s%n", (System.nanoTime() - start) / 1_000_000_000);
    }

    private void sequences() throws IOException, InterruptedException {
        run.silently(Sequences.definition());
        TaskScope.pause(SERVED_MILLIS);
        long first = options.integer("first-sequence");
        long end = first + options.integer("sequences");
        for (long next = first; next < end; next += SAVED) {
            run.sequences(
                    "sequence",
                    LongStream.range(next, Math.min(end, next + SAVED)).mapToObj(Sequences::of));
            System.out.println("sequences up to " + Math.min(end, next + SAVED));
            save();
        }
    }

    private void kinds() throws IOException, InterruptedException {
        for (var sample : Sample.all(Path.of(options.string("samples")), BuiltInKinds.all(BuiltInKinds.types()))) {
            if (!wanted(sample)) continue;
            System.out.println(sample.name());
            run.takeFacts();
            Samples.compare(sample, this::wants, run::silently, run::all);
            keepFacts(sample);
            save();
        }
    }

    /// Also while there is more to come: a run that is ended early has told what it has found.
    private void save() throws IOException {
        var folder = Files.createDirectories(Path.of(options.string("out")));
        report.write(folder.resolve("differences.txt"));
        report.keep(folder);
    }

    private void loops() throws IOException, InterruptedException {
        var wanted = options.strings("scenario");
        new Loops(run.ours(), run.original(), difference -> report.compared("loop", difference))
                .run(
                        Path.of("testing/comparison/loops"),
                        name -> wanted.isEmpty() || wanted.stream().anyMatch(name::startsWith));
    }

    private void kubectl() throws IOException, InterruptedException {
        var scratch = Files.createTempDirectory("navarch-kubectl");
        try {
            new Kubectl(Path.of(options.string("kubectl")), Path.of("testing/comparison/kubectl"), scratch, report)
                    .run(Path.of(options.string("ours")), Path.of(options.string("original")));
        } finally {
            delete(scratch);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private void projects() throws IOException, InterruptedException {
        var wanted = options.strings("project");
        var scratch = Files.createTempDirectory("navarch-projects");
        try {
            var kubectl = new Projects.Kubectl(
                    Path.of(options.string("kubectl")),
                    Path.of(options.string("ours")),
                    Path.of(options.string("original")),
                    scratch);
            var table = Files.createDirectories(Path.of(options.string("out"))).resolve("projects.md");
            new Projects(run.ours(), run.original(), report::compared)
                    .run(
                            Path.of(options.string("projects")),
                            name -> wanted.isEmpty() || wanted.contains(name),
                            kubectl,
                            table,
                            this::save);
        } finally {
            delete(scratch);
        }
    }

    private void keepFacts(Sample sample) throws IOException {
        var facts = run.takeFacts();
        if (!options.string("facts").isEmpty())
            facts.write(Path.of(options.string("facts")).resolve(sample.file()));
    }

    private boolean wants(String group) {
        var groups = options.strings("group");
        return groups.isEmpty() || groups.contains(group);
    }

    private boolean wanted(Sample sample) {
        var kinds = options.strings("kind");
        var kind = sample.kind();
        return kinds.isEmpty()
                || Stream.of(kind.kind().toLowerCase(Locale.ROOT), kind.plural(), kind.qualified())
                        .anyMatch(kinds::contains);
    }
}
