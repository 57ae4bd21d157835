package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
import io.navarch.objects.GoDuration;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.resourcemetrics.UsageBucket;
import io.navarch.resourcemetrics.UsageQuery;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// `navarch top`: what nodes and pods took during the last hours, and how much the API had to do.
public final class TopCommand {
    private static final int LARGEST = 64 << 20;

    private static final List<Option> OPTIONS = List.of(
            AdminAccess.DATA,
            AdminAccess.KUBECONFIG,
            Option.value("n", "", "namespace of the pods (default: all)"),
            Option.value("since", "6h", "how far back, at most 24h"),
            Option.value("limit", "20", "how many pods, those that took most"));

    public static final Usage USAGE = Usage.of(
            "top",
            "shows what nodes and pods took during the last hours",
            List.of(
                    Usage.line("top [OPTIONS]", "the API and the nodes"),
                    Usage.line("top nodes|pods [OPTIONS]", "one of them")),
            List.of(Usage.line("navarch top pods -n default --since 24h", "those of a namespace, a whole day")),
            OPTIONS);

    private TopCommand() {}

    public static int run(List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        Logs.configure();
        var options = Options.parse(OPTIONS, arguments, environment);
        var words = options.positional();
        boolean known = words.isEmpty() || words.equals(List.of("nodes")) || words.equals(List.of("pods"));
        if (!known) throw USAGE.wrong(words);
        boolean pods = words.equals(List.of("pods"));
        var since = since(options);
        int limit = options.integer("limit");
        if (limit < 1) throw new Options.UsageException("--limit must be at least 1");
        AdminAccess.of(options, (client, access) -> {
            var end = Instant.now();
            var query = new UsageQuery(since, pods, options.string("n"));
            View answer;
            try (var response = client.stream("GET", query.uri())) {
                answer = View.of(Json.parse(response.body().readNBytes(LARGEST)));
            }
            var buckets = UsageQuery.buckets(answer).map(UsageBucket::of).toList();
            var report = new TopReport(buckets, UsageQuery.RESOLUTION, end.minus(since), end);
            if (words.isEmpty()) report.server().forEach(System.out::println);
            if (words.isEmpty()) System.out.println();
            (pods ? report.pods(options.string("n"), limit) : report.nodes()).forEach(System.out::println);
        });
        return 0;
    }

    private static Duration since(Options options) {
        try {
            var since = GoDuration.parse(options.string("since"));
            if (since.compareTo(UsageQuery.RESOLUTION) >= 0 && since.compareTo(UsageQuery.LONGEST) <= 0) return since;
            throw new Options.UsageException("--since must be from 5m to 24h, not " + options.string("since"));
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException("--since must be such as 6h: " + e.getMessage());
        }
    }
}
