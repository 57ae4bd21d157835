package io.navarch.comparison;

import io.navarch.comparison.generate.FieldCalls;
import io.navarch.comparison.generate.RequestCalls;
import io.navarch.comparison.generate.Sample;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.kinds.BuiltInKinds;
import io.navarch.objects.Trees;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
            Option.list("kind", "compare these kinds only, such as pod or deployment.apps"),
            Option.value("sequences", "2000", "how many sequences of calls"),
            Option.list(
                    "group", "compare these groups of calls only: create, update, status, patch, request, document"));

    private static final String GROUPS = "create update status patch request document sequence";

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
        prepare();
        if (wants("document")) run.all("document", Documents.calls());
        for (var sample : Sample.all(Path.of(options.string("samples")), BuiltInKinds.all(BuiltInKinds.types()))) {
            if (!wanted(sample)) continue;
            System.out.println(sample.name());
            compare(sample);
        }
        if (wants("sequence"))
            run.sequences(
                    "sequence",
                    LongStream.range(0, options.integer("sequences")).mapToObj(Sequences::of));
        var folder = Files.createDirectories(Path.of(options.string("out")));
        report.write(folder.resolve("differences.txt"));
        report.writeLines(folder.resolve("differences.jsonl"));
        System.out.print(report.summary());
        System.out.printf("%d s; %s%n", (System.nanoTime() - start) / 1_000_000_000, folder.resolve("differences.txt"));
    }

    private boolean wants(String group) {
        var groups = options.strings("group");
        return groups.isEmpty() ? List.of(GROUPS.split(" ")).contains(group) : groups.contains(group);
    }

    private boolean wanted(Sample sample) {
        var kinds = options.strings("kind");
        var kind = sample.kind();
        return kinds.isEmpty()
                || Stream.of(kind.kind().toLowerCase(Locale.ROOT), kind.plural(), kind.qualified())
                        .anyMatch(kinds::contains);
    }

    /// What objects in a namespace need, where no controller makes it.
    private void prepare() {
        run.silently(Call.of("", "POST", "/api/v1/namespaces", Map.of("metadata", Map.of("name", Sample.NAMESPACE))));
        run.silently(Call.of(
                "",
                "POST",
                "/api/v1/namespaces/" + Sample.NAMESPACE + "/serviceaccounts",
                Map.of("metadata", Map.of("name", "default"))));
    }

    private void compare(Sample sample) throws InterruptedException {
        var fields = new FieldCalls(sample);
        if (wants("create")) run.all("create", fields.creations());
        if (!sample.kind().listable() || sample.kind().computed()) return;
        run.silently(fields.setUp());
        var stored = run.silently(fields.read());
        if (!stored.accepted()) {
            System.out.println(sample.name() + ": the example is not there: " + stored.body());
            return;
        }
        var object = Trees.copy(stored.object().map());
        Trees.remove(object, "metadata", "resourceVersion");
        Trees.remove(object, "metadata", "uid");
        if (wants("update")) run.all("update", fields.updates(object));
        if (wants("status")) run.all("status", fields.statuses(object));
        if (wants("patch")) run.all("patch", fields.patches());
        if (wants("request")) run.all("request", new RequestCalls(sample).all().stream());
        run.silently(fields.tearDown());
    }
}
