package io.navarch.apps.usage;

import io.navarch.apps.usage.Usage.Line;
import io.navarch.process.Options.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/// Help as it is printed.
public final class HelpText {
    /// A line is broken before this column.
    private static final int WIDTH = 118;

    /// Names that are longer have their meaning on the next line.
    private static final int LONGEST_NAME = 38;

    private HelpText() {}

    /// Of the whole program.
    public static List<String> overview(List<Usage> commands) {
        var lines = new ArrayList<>(List.of(
                "Navarch runs a Kubernetes cluster of its own on this machine.",
                "",
                "usage: navarch COMMAND [OPTIONS]",
                ""));
        lines.addAll(columns(commands.stream()
                .map(each -> new Line(each.name(), each.summary()))
                .toList()));
        lines.addAll(List.of("", "The first steps:"));
        lines.addAll(columns(List.of(
                new Line("navarch up", "a cluster, and a kubeconfig that kubectl finds"),
                new Line("kubectl get nodes", "it is there"),
                new Line("navarch down", "stops it, and keeps what it knows"))));
        lines.addAll(
                List.of("", "`navarch COMMAND --help` says more of one, `navarch completion bash` teaches a shell."));
        return lines;
    }

    /// Of one command.
    public static List<String> of(Usage usage) {
        var lines = new ArrayList<String>();
        lines.add("navarch " + usage.name() + ": " + usage.summary());
        lines.add("");
        lines.add("usage:");
        lines.addAll(columns(usage.forms().stream()
                .map(form -> new Line("navarch " + form.text(), form.meaning()))
                .toList()));
        if (!usage.examples().isEmpty()) {
            lines.addAll(List.of("", "examples:"));
            lines.addAll(columns(usage.examples()));
        }
        if (!usage.options().isEmpty()) {
            lines.addAll(List.of(
                    "", "options, also as NAVARCH_NAME in the environment, or as name: VALUE in a --config file:"));
            lines.addAll(columns(usage.options().stream().map(HelpText::line).toList()));
        }
        return lines;
    }

    private static Line line(Option option) {
        var flag = flag(option.name());
        var repeated = option.repeated() ? "…" : "";
        var usual = option.fallback().isEmpty() ? "" : " (default: " + option.fallback() + ")";
        if (option.secret()) return new Line(option.variable(), option.description() + " (not as a flag)");
        return new Line(flag + (option.valued() ? " VALUE" + repeated : ""), option.description() + usual);
    }

    static String flag(String name) {
        return (name.length() == 1 ? "-" : "--") + name;
    }

    private static List<String> columns(List<Line> lines) {
        ToIntFunction<Line> length = line -> line.text().length();
        int width = lines.stream()
                .mapToInt(length)
                .filter(each -> each <= LONGEST_NAME)
                .max()
                .orElse(0);
        var result = new ArrayList<String>();
        for (var line : lines) {
            var rest = wrapped(line.meaning(), WIDTH - width - 4);
            boolean beside = length.applyAsInt(line) <= width;
            var first = "  " + line.text();
            if (rest.isEmpty()) {
                result.add(first);
                continue;
            }
            if (!beside) result.add(first);
            for (int i = 0; i < rest.size(); i++) {
                var before = beside && i == 0 ? first : "";
                result.add(before + " ".repeat(width + 4 - before.length()) + rest.get(i));
            }
        }
        return result;
    }

    private static List<String> wrapped(String text, int width) {
        var result = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                result.add(line.toString());
                line.setLength(0);
            }
            if (!line.isEmpty()) line.append(' ');
            line.append(word);
        }
        if (!line.isEmpty()) result.add(line.toString());
        return result;
    }
}
