package io.navarch.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.walk.TypedValidation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every rule that an overlay states of a field takes a value that fits and refuses one that does not.
class OverlayRulesTest {
    private static final Path FOLDER = Path.of("src/main/resources/io/navarch/kinds");
    private static final Types TYPES = BuiltInKinds.types();
    private static final Map<String, List<Object>> SHAPES = Map.of(
            "label", List.of("a-1", "A_"),
            "label1035", List.of("a-1", "1a"),
            "subdomain", List.of("a.b", "A_"),
            "qualified", List.of("a.b/c", "a b"),
            "labelvalue", List.of("A_b", "-"),
            "configkey", List.of("a.b", "a/b"),
            "ip", List.of("10.0.0.1", "10.0.0.256"),
            "portname", List.of("http-1", "a--b"),
            "amount", List.of("1Gi", "-1"));

    record Rule(String type, String field, String word, String value) {}

    static Stream<Rule> rules() throws IOException {
        var rules = new ArrayList<Rule>();
        try (var files = Files.walk(FOLDER)) {
            for (var file :
                    files.filter(path -> path.endsWith("overlay.txt")).sorted().toList()) {
                for (var line : Files.readAllLines(file)) {
                    if (line.isBlank() || line.startsWith("#")) continue;
                    var words = line.strip().split("\\s+");
                    for (var name : words[0].split(",")) {
                        int dot = name.indexOf('.');
                        for (int i = 1; i < words.length && dot > 0; i++) {
                            int equals = words[i].indexOf('=');
                            var word = equals < 0 ? words[i] : words[i].substring(0, equals);
                            rules.add(new Rule(
                                    name.substring(0, dot),
                                    name.substring(dot + 1),
                                    word,
                                    equals < 0 ? "" : words[i].substring(equals + 1)));
                        }
                    }
                }
            }
        }
        return rules.stream().filter(rule -> examples(rule) != null);
    }

    /// A value that fits and one that does not; `null` for words that are no rules.
    private static List<Object> examples(Rule rule) {
        return switch (rule.word) {
            case "enum" -> pair(rule.value.split(",")[0], "~other~");
            case "min" -> pair(Long.parseLong(rule.value), Long.parseLong(rule.value) - 1);
            case "least" -> {
                long least = Long.parseLong(rule.value.substring(0, rule.value.indexOf(':')));
                yield pair(least, least - 1);
            }
            case "range" -> {
                var ends = rule.value.split("-");
                yield pair(Long.parseLong(ends[1]), Long.parseLong(ends[1]) + 1);
            }
            case "max" -> pair("x", "x".repeat(Integer.parseInt(rule.value) + 1));
            case "items" -> {
                int most = Integer.parseInt(rule.value);
                yield pair(elements(most), elements(most + 1));
            }
            case "distinct" ->
                pair(
                        List.of(Map.of(rule.value, "a"), Map.of(rule.value, "b")),
                        List.of(Map.of(rule.value, "a"), Map.of(rule.value, "a")));
            case "is" -> SHAPES.get(rule.value);
            default -> null;
        };
    }

    private static List<Object> pair(Object fits, Object fails) {
        return List.of(fits, fails);
    }

    private static List<Object> elements(int count) {
        return new ArrayList<>(Collections.nCopies(count, "x"));
    }

    /// What is said of the field itself, and not of what is in it or beside it.
    private static List<String> said(Rule rule, Object value) {
        var errors = new ArrayList<FieldError>();
        var object = value instanceof List<?> list
                        && TYPES.get(rule.type)
                                .property(rule.field)
                                .additional()
                                .exists()
                ? Trees.map(rule.field, map(list.size()))
                : Trees.map(rule.field, value);
        TypedValidation.check(View.of(object), View.ABSENT, TYPES.get(rule.type), "", errors);
        return errors.stream()
                .filter(error ->
                        error.field().equals(rule.field) || error.toString().contains("Duplicate value"))
                .map(FieldError::toString)
                .toList();
    }

    private static Map<String, Object> map(int size) {
        var result = Trees.map();
        for (int i = 0; i < size; i++) result.put("k" + i, "x");
        return result;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleHoldsAndBites(Rule rule) {
        var examples = examples(rule);
        var fitting = said(rule, examples.get(0));
        var failing = said(rule, examples.get(1));
        // Another rule of the same field may dislike the example; this one must make the difference.
        assertThat(failing).as("%s", examples.get(1)).isNotEmpty();
        assertThat(fitting).as("%s", examples.get(0)).doesNotContainAnyElementsOf(failing);
    }
}
