package io.navarch.expressions;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.expressions.value.Values;
import io.navarch.objects.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What Kubernetes 1.36 finds out about some hundreds of expressions: the least and the most that it thinks
/// they could cost, what they do cost, and what they come to. A line of `costs.txt` has these with tabs in
/// between.
class CostsTest {
    private record Fact(String expression, String least, String most, String cost, String value) {
        static Fact of(String line) {
            var parts = line.split("\t", 5);
            return new Fact(parts[0], parts[1], parts[2], parts[3], parts[4]);
        }
    }

    private static final CelEnvironment ENVIRONMENT = new CelEnvironment(
            Map.of(
                    "object",
                    "dyn",
                    "s",
                    "string",
                    "t",
                    "string",
                    "n",
                    "int",
                    "d",
                    "double",
                    "b",
                    "bool",
                    "l",
                    "list<string>",
                    "i",
                    "list<int>",
                    "m",
                    "map<string,string>"),
            Map.of(),
            List.of(),
            false);

    private static Map<String, Object> variables() {
        var object = Json.parse("""
                {"name":"abc","list":["x","y","z"],"nested":{"a":{"b":{"c":"deep"}}},"items":[{"name":"one","port":80},
                {"name":"two","port":443}],"big":{},"flag":true,"none":null}""");
        var variables = new LinkedHashMap<String, Object>();
        variables.put("object", object);
        variables.put("s", "hello world");
        variables.put("t", "wörld-x");
        variables.put("n", 7L);
        variables.put("d", 2.5);
        variables.put("b", true);
        variables.put("l", List.of("aa", "bb", "cc", "aa"));
        variables.put("i", List.of(3L, 1L, 2L));
        variables.put("m", Map.of("k1", "v1", "k2", "value2"));
        return variables;
    }

    private static final String COMPILATION = "compilation failed: ";

    private final Expressions expressions = new Expressions();
    private final Program show =
            expressions.program("'%s'.format([v])", new CelEnvironment(Map.of("v", "dyn"), Map.of(), List.of(), false));

    private static List<Fact> facts() throws IOException {
        try (var stream = CostsTest.class.getResourceAsStream("costs.txt")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(Fact::of)
                    .toList();
        }
    }

    @Test
    void expressionsComeToWhatTheOriginalSays() throws IOException {
        var found = new ArrayList<String>();
        var wanted = new ArrayList<String>();
        for (var fact : facts()) {
            wanted.add(fact.expression + " → " + fact.cost + " " + fact.value);
            found.add(fact.expression + " → " + evaluated(fact.expression));
        }
        assertThat(String.join("\n", found)).isEqualTo(String.join("\n", wanted));
    }

    private static final Map<String, Long> SIZES =
            Map.of("s", 30L, "t", 30L, "l", 10L, "l.@items", 20L, "i", 10L, "m", 5L, "m.@keys", 8L, "m.@values", 12L);

    private static OptionalLong size(List<String> path) {
        var size = SIZES.get(String.join(".", path));
        return size == null ? OptionalLong.empty() : OptionalLong.of(size);
    }

    @Test
    void expressionsCouldCostWhatTheOriginalSays() throws IOException {
        var found = new ArrayList<String>();
        var wanted = new ArrayList<String>();
        for (var fact : facts()) {
            if (fact.least.equals("-")) continue;
            wanted.add(fact.expression + " → " + fact.least + " " + fact.most);
            var range = expressions.estimate(fact.expression, ENVIRONMENT, CostsTest::size);
            found.add(fact.expression + " → " + Long.toUnsignedString(range.least()) + " "
                    + Long.toUnsignedString(range.most()));
        }
        assertThat(wanted).hasSizeGreaterThan(150);
        assertThat(String.join("\n", found)).isEqualTo(String.join("\n", wanted));
    }

    private String evaluated(String expression) {
        Program program;
        try {
            program = expressions.program(expression, ENVIRONMENT);
        } catch (IllegalArgumentException e) {
            var error = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return error.startsWith(COMPILATION)
                    ? "- compile " + error.substring(COMPILATION.length())
                    : "- program " + error.replace("program instantiation failed: ", "");
        }
        try {
            var result = program.evaluate(variables(), Program.PER_CALL_LIMIT);
            return result.cost() + " " + shown(result.value());
        } catch (Program.EvaluationException e) {
            return e.cost() + " error " + e.getMessage();
        }
    }

    private String shown(Object value) {
        try {
            var shown = String.valueOf(show.evaluate(Map.of("v", value)));
            return value instanceof String ? Json.writeString(shown) : shown;
        } catch (Program.EvaluationException e) {
            return "?" + Values.type(value);
        }
    }
}
