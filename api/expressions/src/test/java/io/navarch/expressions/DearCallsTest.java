package io.navarch.expressions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every call that takes longer than others, as often as a rule may make it: 100 ms of a processor is what a rule may
/// take before it is ended, whichever functions it calls.
class DearCallsTest {
    private static final CelEnvironment ENVIRONMENT =
            CelEnvironment.admission().with("s", "string").with("big", "string").comingTo();

    /// As much as 100 ms on a machine that has other things to do.
    private static final Duration MOST = Duration.ofMillis(300);

    /// The first rounds are those of code that is not compiled yet, and any may be disturbed.
    private static final int ROUNDS = 20;

    private static List<String> calls(String file) throws IOException {
        try (var stream = DearCallsTest.class.getResourceAsStream(file)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static String often(String call) {
        return "lists.range(1000).all(i, lists.range(1000).all(j, " + call + "))";
    }

    @Test
    @Timeout(300)
    void noCallIsDearerThanItIsCountedFor() throws IOException {
        assertThat(tooDear(calls("dear-calls.txt").stream().map(DearCallsTest::often)))
                .isEmpty();
    }

    /// Exceptions are the dearer the more calls there are around them.
    @Test
    @Timeout(300)
    void failuresAreNoDearerDeepWithin() throws IOException {
        assertThat(tooDear(calls("failing-calls.txt").stream().map(call -> {
                    var expression = often(call);
                    for (int i = 0; i < 100; i++) expression = "[1].all(around" + i + ", " + expression + ")";
                    return expression;
                })))
                .isEmpty();
    }

    private static List<String> tooDear(Stream<String> all) {
        var expressions = new Expressions();
        var variables = Map.of("s", "abc", "big", "a".repeat(1_000_000));
        return all.map(expression -> {
                    var program = expressions.program(expression, ENVIRONMENT);
                    var least = Duration.ofDays(1);
                    for (int round = 0; round < ROUNDS && least.compareTo(MOST) > 0; round++) {
                        var taken = taken(program, variables);
                        if (taken.compareTo(least) < 0) least = taken;
                    }
                    return least.compareTo(MOST) > 0 ? least.toMillis() + " ms " + expression : "";
                })
                .filter(Predicate.not(String::isEmpty))
                .toList();
    }

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
}
