package io.navarch.expressions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.expressions.function.Authorizer;
import io.navarch.expressions.value.Steps;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProgramTest {
    private static final CelEnvironment ENVIRONMENT = CelEnvironment.admission()
            .with("x", "dyn")
            .with("y", "dyn")
            .with("z", "dyn")
            .comingTo();

    private final Expressions expressions = new Expressions();

    private Program program(String expression) {
        return expressions.program(expression, ENVIRONMENT);
    }

    /// Says yes to whoever asks for pods.
    private record Pods(String user, List<String> asked) implements Authorizer {
        @Override
        public Decision path(String path, String verb) {
            asked.add(user + " " + verb + " " + path);
            return new Decision(false, "no path", "");
        }

        @Override
        public Decision resource(ResourceCheck check, String verb) {
            asked.add(user + " " + verb + " " + check.group() + "/" + check.resource() + " " + check.namespace() + "/"
                    + check.name() + " " + check.labelSelector());
            return new Decision(check.resource().equals("pods"), "", "");
        }

        @Override
        public Authorizer serviceAccount(String namespace, String name) {
            return new Pods("system:serviceaccount:" + namespace + ":" + name, asked);
        }
    }

    @Test
    void authorizersAreAsked() {
        var pods = new Pods("eve", new ArrayList<>());
        var result = program("authorizer.group('').resource('pods').namespace('a').name('b').labelSelector('x=y')"
                        + ".check('get').allowed() && authorizer.serviceAccount('ns', 'bot').path('/healthz')"
                        + ".check('get').reason() == 'no path'")
                .evaluate(Map.of("authorizer", pods), Program.PER_CALL_LIMIT);
        assertThat(result.value()).isEqualTo(true);
        assertThat(result.cost()).isGreaterThan(700_000);
        assertThat(pods.asked)
                .containsExactly("eve get /pods a/b x=y", "system:serviceaccount:ns:bot get /healthz  ".strip());
        assertThatThrownBy(() ->
                        program("authorizer.path(' ').check('get').allowed()").evaluate(Map.of("authorizer", pods)))
                .hasMessage("path must not be empty");
    }

    @Test
    void whatIsNotLookedAtIsNotAskedFor() {
        Supplier<Object> never = () -> {
            throw new AssertionError("asked");
        };
        Supplier<Object> later = () -> 3L;
        assertThat(program("true || x == 1").evaluate(Map.of("x", never))).isEqualTo(true);
        assertThat(program("x + 1").evaluate(Map.of("x", later))).isEqualTo(4L);
        assertThat(program("x.a + 1").evaluate(Map.of("x", Map.of("a", later)))).isEqualTo(4L);
    }

    @Test
    void anEvaluationCostsNoMoreThanItMay() {
        var program = program("[1, 2, 3].all(i, i < 4)");
        assertThat(program.evaluate(Map.of(), 100).cost()).isEqualTo(16);
        assertThatThrownBy(() -> program.evaluate(Map.of(), 10))
                .isInstanceOfSatisfying(
                        Program.EvaluationException.class,
                        e -> assertThat(e.exceeded()).isTrue())
                .hasMessage("operation cancelled: actual cost limit exceeded");
    }

    /// None of these costs much as Kubernetes counts it.
    @Test
    @Timeout(120)
    void nothingRunsAway() {
        var squared = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
        var loops = squared + ".all(a, " + squared + ".all(b, " + squared + ".all(c, " + squared + ".all(d, " + squared
                + ".all(e, " + squared + ".all(f, " + squared + ".all(g, a + b + c + d + e + f + g >= 0)))))))";
        for (var expression : List.of(
                doubled("y == y"),
                doubled("[y].flatten(100).size()"),
                loops,
                "lists.range(9000000000).size() > 0",
                doubled("dyn({true: 1})[y]"),
                doubled("{y: 1}.size()"),
                doubled("'%s'.format([y])"),
                "lists.range(20000).map(i, 'x').join('').replace('x', lists.range(20000).map(i, 'y').join(''))",
                "'a'.matches('((a{1000}){1000}){1000}' + 'b')",
                "lists.range(100000).map(i, string(i)).join('').matches('(a|b|c|d|[0-9]{900})*x')")) {
            var program = program(expression);
            assertThat(taken(program, Map.of())).as(expression).isLessThan(MOST);
        }
    }

    /// What is sent may be as large as a body may be, and expressions may look at it as often as they like.
    @Test
    @Timeout(240)
    void whatLooksAtMuchEndsSoon() {
        var text = "a".repeat(1_000_000);
        var part = "a".repeat(200_000) + "b";
        var texts = new ArrayList<Object>(Collections.nCopies(1000, text));
        var variables = Map.of("x", text, "y", part, "z", texts);
        var often = "lists.range(100000).all(i, ";
        var body = String.join(" && ", Collections.nCopies(2000, "true"));
        for (var expression : List.of(
                grown("y.isSorted()"),
                grown("y.sum() > 0"),
                grown("y.min() == 0"),
                grown("y.max() == 0"),
                often + "x.charAt(999999) == 'a')",
                often + "x.size() > 0)",
                often + "x.contains(y) == false)",
                often + "x.indexOf(y) < 0)",
                often + "x.lastIndexOf(y) < 0)",
                often + "x.split('').size() > 0)",
                often + "x.replace(y, 'c').size() > 0)",
                often + "x.startsWith(y) == false)",
                often + "x + 'b' != x)",
                often + "z == z)",
                often + "z.isSorted())",
                often + "'%.1000f'.format([1.0e300]) != '')",
                often + "'x'.matches('(a{500})' + string(i)) == false)",
                often + "quantity('1Gi').isGreaterThan(quantity('1Mi')))",
                often + "timestamp('2026-01-01T00:00:00Z').getHours('Europe/Berlin') < 24)",
                often + "[" + "1, ".repeat(5000) + "i].size() > 0)",
                often + "i >= 0 && " + body + ")")) {
            var program = program(expression);
            assertThat(taken(program, variables)).as(expression).isLessThan(MOST);
        }
    }

    /// Of a processor, on a machine that has not much to give; a tenth is usual.
    private static final Duration MOST = Duration.ofSeconds(3);

    /// How long an evaluation takes that may fail.
    private static Duration taken(Program program, Map<String, ?> variables) {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        try {
            program.evaluate(variables, Program.PER_CALL_LIMIT);
        } catch (Program.EvaluationException e) {
            assertThat(e.cost()).isNotNegative();
        }
        return Duration.ofNanos(threads.getCurrentThreadCpuTime() - start);
    }

    @Test
    void evaluationsOfOneCallAreBoundedTogether() {
        var steps = new Steps(3);
        var program = program(grown("y.isSorted()"));
        for (int i = 0; i < 3; i++)
            assertThatThrownBy(() -> program.evaluate(Map.of(), Program.PER_CALL_LIMIT, steps))
                    .isInstanceOf(Program.EvaluationException.class);
        assertThatThrownBy(() -> program("[1, 2].all(i, i < 3)").evaluate(Map.of(), Program.PER_CALL_LIMIT, steps))
                .hasMessage("operation interrupted");
    }

    @Test
    void listsMayBeAsDeepAsOneLikes() {
        Object deep = List.of();
        for (int i = 0; i < 50_000; i++) deep = List.of(deep);
        var variables = Map.of("x", deep);
        assertThatThrownBy(() -> program("x == [x]").evaluate(variables)).hasMessage("operation interrupted");
        assertThatThrownBy(() -> program("x").evaluate(variables)).hasMessage("operation interrupted");
        var long1 = program("x + [1]");
        Object list = List.of(0L);
        for (int i = 0; i < 500; i++)
            list = long1.evaluate(Map.of("x", list), Program.PER_CALL_LIMIT).value();
        assertThat(program("x.max()").evaluate(Map.of("x", list))).isEqualTo(1L);
    }

    @Test
    void whatExpressionsMakeIsNoLargerAsATree() {
        var result = program(doubled("y")).evaluate(Map.of(), Program.PER_CALL_LIMIT);
        assertThatThrownBy(result::tree).isInstanceOf(Program.EvaluationException.class);
        assertThat(program(doubled("string(y.size()) + '%s'.format([[1]])")).evaluate(Map.of()))
                .isEqualTo("2[1]");
    }

    /// A list that has itself twice in it, and so on.
    /// A list that is appended to itself again and again.
    private static String grown(String result) {
        var expression = "optional.of(" + result + ")";
        for (int i = 0; i < 25; i++) expression = "optional.of(y + y).optFlatMap(y, " + expression + ")";
        return "optional.of([dyn(1)]).optFlatMap(y, " + expression + ").value()";
    }

    private static String doubled(String result) {
        var expression = "optional.of(" + result + ")";
        for (int i = 0; i < 25; i++) expression = "optional.of([y, y]).optFlatMap(y, " + expression + ")";
        return "optional.of([dyn(1)]).optFlatMap(y, " + expression + ").value()";
    }

    @Test
    void valuesAreTrees() {
        assertThat(program("{'a': [dyn(null), dyn(1u), dyn(optional.of('b'))]}").evaluate(Map.of()))
                .isNotNull();
        assertThat(program("null").evaluate(Map.of())).isNull();
        assertThat(program("x.map(e, e)").evaluate(Map.of("x", List.of(1, "a"))))
                .isEqualTo(List.of(1L, "a"));
    }
}
