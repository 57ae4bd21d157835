package io.navarch.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.expressions.Expressions;
import io.navarch.expressions.value.Steps;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValidatingPolicyTest {
    private final Expressions expressions = new Expressions();

    private ValidatingPolicy policy(String spec) {
        return ValidatingPolicy.of("p", View.of(Yaml.parse("{spec: {" + spec + "}}")), expressions);
    }

    private static Map<String, Object> of(String object) {
        return Map.of("object", View.of(Yaml.parse(object)).map());
    }

    @Test
    void failuresAreToldInTheOrderOfTheChecks() {
        var checks = "validations: [{expression: object.a == 1, message: first}, {expression: object.nothing == 1},"
                + " {expression: 'true'}, {expression: 'false', reason: Forbidden}]";
        var decisions = policy(checks).decide(of("{a: 2}"), new Steps(1)).checked();
        assertThat(decisions).extracting(ValidatingPolicy.Decision::number).containsExactly(0, 1, 3);
        assertThat(decisions)
                .extracting(ValidatingPolicy.Decision::message)
                .containsExactly(
                        "first",
                        "expression 'object.nothing == 1' resulted in error: no such key: nothing",
                        "failed expression: false");
        assertThat(decisions).extracting(ValidatingPolicy.Decision::allowed).containsOnly(false);
        assertThat(policy("failurePolicy: Ignore, " + checks)
                        .decide(of("{a: 2}"), new Steps(1))
                        .checked())
                .extracting(ValidatingPolicy.Decision::allowed)
                .containsExactly(false, true, false);
    }

    @Test
    void auditsAreToldTextsThatAreNotEmpty() {
        var spec = "auditAnnotations: [{key: text, valueExpression: \"' is ' + object.a + ' '\"}, {key: none,"
                + " valueExpression: 'null'}, {key: empty, valueExpression: \"' '\"}, {key: bad, valueExpression:"
                + " string(object.nothing)}]";
        var decisions = policy(spec).decide(of("{a: x}"), new Steps(1));
        assertThat(decisions.annotations()).isEqualTo(Map.of("text", "is x"));
        assertThat(decisions.failed())
                .extracting(ValidatingPolicy.Decision::message)
                .containsExactly("expression 'string(object.nothing)' resulted in error: no such key: nothing");
        assertThat(policy("failurePolicy: Ignore, " + spec)
                        .decide(of("{a: x}"), new Steps(1))
                        .failed())
                .isEmpty();
    }

    @Test
    void whatSeveralBindingsTellIsToldTogether() {
        var annotations = new PolicyAnnotations();
        annotations.add("p", Map.of("k", "a"));
        annotations.add("p", Map.of("k", "b"));
        annotations.add("p", Map.of("k", "a"));
        annotations.add("q", Map.of("k", "\u00e9".repeat(6000)));
        var told = new LinkedHashMap<String, String>();
        annotations.tell(told::put);
        assertThat(told).containsEntry("p/k", "a, b").containsEntry("q/k", "\u00e9".repeat(5120));
    }
}
