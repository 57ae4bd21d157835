package io.navarch.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Why differences stay: lines of a pattern, that the name and the details of a difference are searched for, a tab, and
/// the reason. Where bodies of generated calls differ, each place needs a reason of its own.
record Reasons(List<Reason> all) {
    record Reason(Pattern pattern, String text) {}

    /// Groups whose differences are texts of several lines.
    private static final Set<String> WHOLE = Set.of("kubectl", "loop");

    static Reasons read(Path file) throws IOException {
        var reasons = new ArrayList<Reason>();
        for (var line : Files.readAllLines(file)) {
            int tab = line.indexOf('\t');
            if (tab > 0 && !line.startsWith("#"))
                reasons.add(new Reason(
                        Pattern.compile(line.substring(0, tab)),
                        line.substring(tab + 1).strip()));
        }
        return new Reasons(reasons);
    }

    private Optional<String> of(Report.Found found) {
        var difference = found.difference();
        if (difference.sort() != Difference.Sort.BODY || WHOLE.contains(found.group()))
            return of(difference, String.join("\n", difference.details()));
        var reasons =
                difference.details().stream().map(line -> of(difference, line)).toList();
        return reasons.stream().allMatch(Optional::isPresent) ? reasons.getFirst() : Optional.empty();
    }

    private Optional<String> of(Difference difference, String details) {
        var text = difference.sort() + " " + difference.call().name() + "\n" + details;
        return all.stream()
                .filter(reason -> reason.pattern.matcher(text).find())
                .map(Reason::text)
                .findFirst();
    }

    /// A page: what was compared, and each reason with the number of differences that it explains and one of them.
    ///
    /// @param summary what was compared, as lines
    String page(String summary, List<Report.Found> differences) {
        var explained = new LinkedHashMap<String, List<Report.Found>>();
        for (var reason : all) explained.put(reason.text, new ArrayList<>());
        var unexplained = new ArrayList<Report.Found>();
        for (var difference : differences)
            of(difference)
                    .ifPresentOrElse(
                            text -> explained.getOrDefault(text, unexplained).add(difference),
                            () -> unexplained.add(difference));
        var page = new StringBuilder("# Differences from the original\n\n");
        page.append(
                "Made by `testing/compare --page docs/differences.md` from its comparison with Kubernetes 1.36.3, and from the\n");
        page.append("reasons in `testing/comparison/reasons.txt`.\n\n```\n")
                .append(summary)
                .append("```\n\n");
        explained.forEach((reason, found) -> page.append(found.isEmpty() ? "" : entry(reason, found)));
        if (!unexplained.isEmpty()) page.append(entry("Not explained yet: to be mended.", unexplained));
        return page.toString();
    }

    private static String entry(String reason, List<Report.Found> found) {
        var first = found.getFirst().difference();
        var text = new StringBuilder("- ")
                .append(reason)
                .append(" (")
                .append(found.size())
                .append(")\n\n  ```\n  ");
        text.append(first.call().name()).append('\n');
        first.details().stream()
                .limit(3)
                .forEach(line -> text.append("  ").append(cut(line)).append('\n'));
        return text.append("  ```\n\n").toString();
    }

    private static String cut(String line) {
        return line.length() <= 160 ? line : line.substring(0, 160) + "…";
    }
}
