package io.navarch.comparison;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What was compared and what differs, alike differences together.
final class Report {
    private static final String COMPARED = "compared.json";
    private static final String DIFFERENCES = "differences.jsonl";

    /// So many of the same are told in full.
    private static final int EXAMPLES = 3;

    private final Map<String, Long> compared = new TreeMap<>();
    private final Map<String, List<Found>> alike = new LinkedHashMap<>();
    private final Map<String, Map<Difference.Sort, Long>> counts = new TreeMap<>();

    private final Map<String, Long> untried = new TreeMap<>();

    /// @param group of the calls that it is one of
    record Found(String group, Difference difference) {}

    /// Something that could not be compared.
    synchronized void untried(String reason) {
        untried.merge(reason, 1L, Long::sum);
    }

    synchronized void compared(String group, Optional<Difference> difference) {
        compared.merge(group, 1L, Long::sum);
        difference.ifPresent(found -> differs(group, found));
    }

    private void differs(String group, Difference difference) {
        alike.computeIfAbsent(signature(group, difference), key -> new ArrayList<>())
                .add(new Found(group, difference));
        counts.computeIfAbsent(group, key -> new TreeMap<>()).merge(difference.sort(), 1L, Long::sum);
    }

    /// Equal for differences that have one cause in all likelihood: where in an object, and in which words, but not
    /// with which values or indexes, nor in which pod template.
    private static String signature(String group, Difference difference) {
        var places = difference.details().stream()
                .limit(2)
                .map(line -> line.replaceAll("\\[\\d+\\]", "[]")
                        .replaceAll("\"[^\"]*\"|\\b\\d+\\b", "_")
                        .replaceAll("spec\\.(jobTemplate\\.spec\\.)?template\\.", "template.")
                        .replaceAll("\\b(init|ephemeral)?[cC]ontainers\\b", "containers"))
                .map(line -> line.length() > 160 ? line.substring(0, 160) : line)
                .collect(Collectors.joining(" & "));
        return group + " " + difference.sort() + " " + places;
    }

    synchronized String summary() {
        var text = new StringBuilder("%-12s %9s %9s  %s%n".formatted("group", "calls", "differ", "of which"));
        compared.forEach((group, calls) -> {
            var sorts = counts.getOrDefault(group, Map.of());
            long all = sorts.values().stream().mapToLong(Long::longValue).sum();
            text.append("%-12s %9d %9d  %s%n".formatted(group, calls, all, sorts));
        });
        if (!untried.isEmpty())
            text.append("not tried: ").append(mostFrequentUntried()).append('\n');
        return text.append("alike differences: ")
                .append(alike.size())
                .append('\n')
                .toString();
    }

    private String mostFrequentUntried() {
        return untried.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(each -> each.getValue() + " x " + each.getKey())
                .collect(Collectors.joining(", "));
    }

    /// The differences, the most frequent first.
    synchronized void write(Path file) throws IOException {
        var sorted = new ArrayList<>(alike.entrySet());
        sorted.sort(Comparator.comparingInt(each -> -each.getValue().size()));
        try (var out = Files.newBufferedWriter(file)) {
            out.write(summary());
            for (var entry : sorted) {
                out.write("\n## " + entry.getValue().size() + " x " + entry.getKey() + "\n");
                for (var found : entry.getValue().stream().limit(EXAMPLES).toList()) out.write(text(found.difference));
            }
        }
    }

    private static String text(Difference difference) {
        var call = difference.call();
        var body = call.body()
                .map(sent -> " " + new String(sent.bytes(), StandardCharsets.UTF_8))
                .orElse("");
        var text = new StringBuilder("- ").append(call.name()).append('\n');
        text.append("  ").append(call.method()).append(' ').append(call.uri());
        text.append(body.length() > 600 ? body.substring(0, 600) + "…" : body).append('\n');
        difference.details().forEach(line -> text.append("    ").append(line).append('\n'));
        return text.toString();
    }

    synchronized String page(Reasons reasons) {
        return reasons.page(
                summary(), alike.values().stream().flatMap(List::stream).toList());
    }

    /// What was found, for tools and for the page of a later run.
    synchronized void keep(Path folder) throws IOException {
        Files.write(folder.resolve(COMPARED), Json.write(compared));
        try (var out = Files.newBufferedWriter(folder.resolve(DIFFERENCES))) {
            for (var entry : alike.entrySet())
                for (var found : entry.getValue()) out.write(Json.writeString(line(entry.getKey(), found)) + "\n");
        }
    }

    private static Map<String, Object> line(String signature, Found found) {
        var difference = found.difference;
        return Map.of(
                "group", found.group,
                "signature", signature,
                "call", difference.call().name(),
                "sort", difference.sort().name(),
                "details", difference.details());
    }

    /// Adds what an earlier run has kept; of its calls no more than their names is known.
    synchronized void add(Path folder) throws IOException {
        Json.parseMap(Files.readAllBytes(folder.resolve(COMPARED)))
                .forEach((group, calls) -> compared.merge(group, ((Number) calls).longValue(), Long::sum));
        for (var line : Files.readAllLines(folder.resolve(DIFFERENCES))) {
            var found = View.of(Json.parse(line));
            var call = Call.get(found.get("call").string(), "");
            var sort = Difference.Sort.valueOf(found.get("sort").string());
            differs(
                    found.get("group").string(),
                    new Difference(call, sort, found.get("details").strings()));
        }
    }
}
