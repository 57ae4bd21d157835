package io.navarch.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.comparison.Difference.Sort;
import io.navarch.objects.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Call CALL = Call.get("pods/v1 create spec.a = 1", "/");

    private static Answer answer(int status, String body) {
        return new Answer(status, Map.of(), List.of(), Json.parse(body));
    }

    private static Optional<Sort> sort(Answer ours, Answer original) {
        return Comparison.of(CALL, ours, original).map(Difference::sort);
    }

    private static Answer invalid(String... causes) {
        var list = new StringBuilder();
        for (var cause : causes)
            list.append(list.isEmpty() ? "" : ",")
                    .append("{\"field\":\"spec.a\",\"message\":\"" + cause + "\",\"reason\":\"FieldValueInvalid\"}");
        return answer(422, "{\"reason\":\"Invalid\",\"details\":{\"causes\":[" + list + "]}}");
    }

    @Test
    void whatEachServerChoosesForItselfIsNoDifference() {
        var ours = answer(
                201,
                "{\"metadata\":{\"uid\":\"9f5f9b0e-0f0b-4f7c-9d3c-0d6a5b9c1c11\",\"creationTimestamp\":\"2026-11-29T01:02:03Z\"},\"spec\":{\"clusterIP\":\"10.96.0.3\"}}");
        var theirs = answer(
                201,
                "{\"metadata\":{\"uid\":\"1f5f9b0e-0f0b-4f7c-9d3c-0d6a5b9c1c12\",\"creationTimestamp\":\"2026-11-29T01:02:04Z\"},\"spec\":{\"clusterIP\":\"10.96.7.7\"}}");
        assertThat(sort(ours, theirs)).isEmpty();
        assertThat(sort(ours, answer(201, "{\"metadata\":{\"creationTimestamp\":\"2026-11-29T01:02:03Z\"}}")))
                .contains(Sort.BODY);
    }

    @Test
    void namesAndPortsThatAServerMakesAreNoDifference() {
        var ours = answer(201, "{\"job-name\":\"clean-mxwft\",\"healthCheckNodePort\":31782}");
        assertThat(sort(ours, answer(201, "{\"job-name\":\"clean-lzh7j\",\"healthCheckNodePort\":32771}")))
                .isEmpty();
        assertThat(sort(ours, answer(201, "{\"job-name\":\"clear-lzh7j\",\"healthCheckNodePort\":32771}")))
                .contains(Sort.BODY);
        assertThat(sort(ours, answer(201, "{\"job-name\":\"clean-lzh7j\",\"healthCheckNodePort\":0}")))
                .contains(Sort.BODY);
    }

    @Test
    void everySortOfDifference() {
        var accepted = answer(200, "{\"a\":1}");
        assertThat(sort(accepted, invalid("x"))).contains(Sort.TOO_LAX);
        assertThat(sort(invalid("x"), accepted)).contains(Sort.TOO_STRICT);
        assertThat(sort(invalid("x"), answer(400, "{\"reason\":\"BadRequest\"}")))
                .contains(Sort.CODE);
        assertThat(sort(invalid("x"), invalid("y"))).contains(Sort.MESSAGE);
        assertThat(sort(accepted, answer(200, "{\"a\":2}"))).contains(Sort.BODY);
        assertThat(sort(accepted, new Answer(200, Map.of(), List.of("w"), accepted.body())))
                .contains(Sort.WARNING);
        assertThat(sort(accepted, new Answer(200, Map.of("etag", "1"), List.of(), accepted.body())))
                .contains(Sort.HEADER);
        assertThat(sort(accepted, new Answer(0, Map.of(), List.of(), "gone"))).contains(Sort.NO_ANSWER);
    }

    @Test
    void anOutcomeIsTheSameWhateverTheFieldIsCalled() {
        var one = Outcome.of(invalid("bad"), "spec.a");
        assertThat(one).isEqualTo("422 Invalid @: bad (FieldValueInvalid)");
        assertThat(Outcome.of(answer(200, "{\"a\":1,\"b\":2}"), ""))
                .isEqualTo(Outcome.of(answer(200, "{\"b\":2,\"a\":1}"), ""))
                .isNotEqualTo(Outcome.of(answer(200, "{\"a\":1}"), ""));
    }

    @Test
    void wordsOfACommand() {
        assertThat(Kubectl.words("patch web -p {\"spec\":{\"a\":\"b\"}} --rule=\"a b\" 'x y' \"\""))
                .containsExactly("patch", "web", "-p", "{\"spec\":{\"a\":\"b\"}}", "--rule=a b", "x y", "");
        assertThat(Kubectl.commands(List.of("# no", "", "each a b: get $ -o $", "version")))
                .containsExactly("get a -o a", "get b -o b", "version");
    }
}
