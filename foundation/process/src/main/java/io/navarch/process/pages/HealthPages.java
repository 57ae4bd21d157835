package io.navarch.process.pages;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// `/livez`, `/readyz`, `/healthz`, and each of their checks by itself, in the words of the original; `/metrics/slis`
/// tells how they turned out when somebody asked.
///
/// Source: https://kubernetes.io/docs/reference/using-api/health-checks/
public final class HealthPages {
    private static final String SLIS = "/metrics/slis";
    private static final Metric LAST = Metric.gauge(
            "kubernetes_healthcheck",
            "[STABLE] 1 when the check passed the last time that it was made.",
            "name",
            "type");
    private static final Metric ALL = Metric.counter(
            "kubernetes_healthchecks_total", "[STABLE] How often the check was made.", "name", "type", "status");

    private record Made(String check, String type) {}

    private final Map<String, List<HealthCheck>> checks;
    private final Metrics told = new Metrics();
    private final Map<Made, Boolean> last = new ConcurrentHashMap<>();

    /// @param checks by what they are asked for, such as `livez`
    public HealthPages(Map<String, List<HealthCheck>> checks) {
        this.checks = Map.copyOf(checks);
        told.registerGauges(() -> last.entrySet().stream()
                .map(made -> LAST.of(made.getValue() ? 1 : 0, made.getKey().check, made.getKey().type))
                .toList());
        told.registerGauges(ProcessMetrics::started);
    }

    /// The same for all three.
    public static HealthPages of(List<HealthCheck> checks) {
        return new HealthPages(Map.of("livez", checks, "readyz", checks, "healthz", checks));
    }

    List<String> paths() {
        return checks.keySet().stream().map(type -> "/" + type).toList();
    }

    /// Empty when the path is none of these.
    public Optional<Page> answer(String path, Map<String, List<String>> query) {
        if (path.equals(SLIS)) return Optional.of(Page.metrics(told.text()));
        var parts = path.split("/", 3);
        if (parts.length < 2 || !parts[0].isEmpty()) return Optional.empty();
        var type = parts[1];
        var all = checks.get(type);
        if (all == null) return Optional.empty();
        if (parts.length == 2) return Optional.of(all(type, all, query));
        return all.stream()
                .filter(check -> check.name().equals(parts[2]))
                .findFirst()
                .map(check -> one(type, check));
    }

    private Page one(String type, HealthCheck check) {
        var failure = failure(type, check);
        return failure.isEmpty()
                ? Page.text(200, "ok")
                : Page.text(500, "internal server error: " + failure.get() + "\n")
                        .unsniffed();
    }

    private Optional<String> failure(String type, HealthCheck check) {
        var failure = check.failure().get();
        last.put(new Made(check.name(), type), failure.isEmpty());
        told.record(ALL.once(check.name(), type, failure.isEmpty() ? "success" : "error"));
        return failure;
    }

    private Page all(String type, List<HealthCheck> all, Map<String, List<String>> query) {
        var excluded = new TreeSet<>(query.getOrDefault("exclude", List.of()));
        var told = new StringBuilder();
        boolean failed = false;
        for (var check : all) {
            var name = check.name();
            if (excluded.remove(name)) {
                told.append("[+]").append(name).append(" excluded: ok\n");
                continue;
            }
            boolean passed = failure(type, check).isEmpty();
            failed |= !passed;
            told.append(passed ? "[+]" : "[-]").append(name).append(passed ? " ok\n" : " failed: reason withheld\n");
        }
        excluded.remove("");
        if (!excluded.isEmpty())
            told.append("warn: some health checks cannot be excluded: no matches for ")
                    .append(excluded.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", ")))
                    .append('\n');
        told.append(type).append(failed ? " check failed\n" : " check passed\n");
        boolean verbose = failed || query.containsKey("verbose");
        return Page.text(failed ? 500 : 200, verbose ? told.toString() : "ok").unsniffed();
    }
}
