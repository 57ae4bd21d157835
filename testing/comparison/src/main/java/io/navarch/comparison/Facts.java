package io.navarch.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the original answers to the calls about one kind, kept as text: a line for each field with the values that were
/// tried, each with the number of its outcome, and a table of outcomes. A `!` marks where ours was another when the
/// facts were taken.
///
/// ```
/// create spec.replicas
///   -1	3
///   1	7!
/// = 3	422 Invalid @: Invalid value: -1: must be greater than or equal to 0 (FieldValueInvalid)
/// ```
public final class Facts {
    /// @param differs whether ours was another when the fact was taken
    public record Fact(String outcome, boolean differs) {}

    private static final String SEPARATOR = " = ";
    private static final String TEMPLATE = "template.spec.";

    private final Map<String, Fact> facts = new LinkedHashMap<>();

    /// The field that a call tries, as its name says; `""` if it tries none.
    static String place(Call call) {
        var head = head(call.name());
        return call.name().contains(SEPARATOR) ? head.substring(head.lastIndexOf(' ') + 1) : "";
    }

    private static String head(String name) {
        int at = name.indexOf(SEPARATOR);
        return at < 0 ? name : name.substring(0, at);
    }

    /// Fields of pods in templates are left out: what holds for them is the same as for the pod's own.
    public synchronized void add(Call call, Answer original, boolean differs) {
        if (place(call).contains(TEMPLATE)) return;
        // Ages are of the day.
        if (original.object().get("kind").string().equals("Table")) return;
        facts.put(call.name(), new Fact(Outcome.of(original, place(call)), differs));
    }

    public Optional<Fact> of(Call call) {
        return Optional.ofNullable(facts.get(call.name()));
    }

    public void write(Path file) throws IOException {
        var numbers = new LinkedHashMap<String, Integer>();
        var groups = new TreeMap<String, Map<String, String>>();
        for (var entry : new TreeMap<>(facts).entrySet()) {
            var name = entry.getKey();
            var fact = entry.getValue();
            numbers.putIfAbsent(fact.outcome, numbers.size());
            var value = name.length() == head(name).length()
                    ? ""
                    : name.substring(head(name).length() + SEPARATOR.length());
            groups.computeIfAbsent(head(name), key -> new TreeMap<>())
                    .put(line(value), numbers.get(fact.outcome) + (fact.differs ? "!" : ""));
        }
        var lines = new ArrayList<String>();
        groups.forEach((head, values) -> {
            lines.add(line(head));
            values.forEach((value, number) -> lines.add("  " + value + "\t" + number));
        });
        numbers.forEach((outcome, number) -> lines.add("= " + number + "\t" + line(outcome)));
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }

    private static String line(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    }

    private static String unescaped(String text) {
        var result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                result.append(c);
                continue;
            }
            char next = text.charAt(++i);
            result.append(next == 'n' ? '\n' : next == 't' ? '\t' : next);
        }
        return result.toString();
    }

    public static Facts read(Path file) throws IOException {
        var lines = Files.readAllLines(file);
        var outcomes = new HashMap<String, String>();
        for (var line : lines) {
            if (!line.startsWith("= ")) continue;
            int tab = line.indexOf('\t');
            outcomes.put(line.substring(2, tab), unescaped(line.substring(tab + 1)));
        }
        var facts = new Facts();
        facts.read(lines, outcomes);
        return facts;
    }

    private void read(List<String> lines, Map<String, String> outcomes) {
        var head = "";
        for (var line : lines) {
            if (line.startsWith("= ")) return;
            if (!line.startsWith("  ")) {
                head = unescaped(line);
                continue;
            }
            int tab = line.lastIndexOf('\t');
            var value = unescaped(line.substring(2, tab));
            var number = line.substring(tab + 1);
            boolean differs = number.endsWith("!");
            var outcome = outcomes.get(differs ? number.substring(0, number.length() - 1) : number);
            if (outcome == null) throw new IllegalArgumentException("no outcome " + number);
            facts.put(value.isEmpty() ? head : head + SEPARATOR + value, new Fact(outcome, differs));
        }
    }
}
