package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which form an answer takes, and what is said of bodies that cannot be read.
class NegotiationTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private static HttpResponse<byte[]> get(String path, String accept) {
        return plane.http("GET", path, null, "Accept", accept);
    }

    private static String type(HttpResponse<?> answer) {
        return answer.headers().firstValue("Content-Type").orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | application/json",
                "*/* | application/json",
                "application/yaml | application/yaml",
                "application/vnd.kubernetes.protobuf | application/vnd.kubernetes.protobuf",
                "application/vnd.kubernetes.protobuf, application/json | application/vnd.kubernetes.protobuf",
                "text/plain, application/json | application/json",
                "application/json;q=0.5, application/yaml;q=0.9 | application/yaml",
                "application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io, application/json | application/json",
                "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io | application/vnd.kubernetes.protobuf",
                "application/cbor, application/json | application/json",
            })
    void theBestOfferThatIsServedWins(String accept, String expected) {
        var answer = get(MAPS, accept);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(type(answer)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/cbor", "application/json;as=Poem;v=v1;g=meta.k8s.io"})
    void whatCannotBeServedIsNotAcceptable(String accept) {
        var answer = get(MAPS, accept);
        assertThat(answer.statusCode()).isEqualTo(406);
        var status = View.of(Json.parse(answer.body()));
        assertThat(status.get("reason").string()).isEqualTo("NotAcceptable");
        assertThat(status.get("message").string())
                .containsAnyOf("only the following media types are accepted: ", "Available representations: ")
                .contains("application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }

    /// Conformance: "Servers with support for Table transformation should return a 406 for a backend which does not
    /// implement metadata".
    @Test
    void questionsHaveNoTable() {
        var review = "{\"spec\":{\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\"}}}";
        var answer = plane.http(
                "POST",
                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                review.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json",
                "Accept",
                "application/json;as=Table;v=v1;g=meta.k8s.io");
        assertThat(answer.statusCode()).isEqualTo(406);
    }

    @Test
    void aScaleHasATableOfItsOwn() {
        var deployments = "/apis/apps/v1/namespaces/default/deployments";
        var made = """
                {"metadata": {"name": "scaled"}, "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "scaled"}},
                 "template": {"metadata": {"labels": {"app": "scaled"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}}
                """;
        plane.http("POST", deployments, made.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
        var table =
                View.of(Json.parse(get(deployments + "/scaled/scale", "application/json;as=Table;v=v1;g=meta.k8s.io")
                        .body()));
        assertThat(table.get("columnDefinitions").stream()
                        .map(column -> column.get("name").string()))
                .containsExactly("Name", "Desired", "Available", "Age");
        assertThat(table.get("rows").at(0).get("cells").list()).startsWith("scaled", 0L, 0L);
    }

    @Test
    void errorsComeInTheFormThatWasAskedFor() {
        var answer = get(MAPS + "/none", "application/vnd.kubernetes.protobuf");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).startsWith((byte) 'k', (byte) '8', (byte) 's', (byte) 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/xml | {} | 415 | UnsupportedMediaType",
                "application/cbor | {} | 415 | UnsupportedMediaType",
                "application/json | [] | 400 | BadRequest",
                "application/json | {\"a\": | 400 | BadRequest",
                "application/json | '' | 400 | BadRequest",
                "application/vnd.kubernetes.protobuf | {} | 400 | BadRequest",
                "application/json | {\"metadata\":{\"name\":5}} | 400 | BadRequest",
                "application/json | {\"data\":{\"a\":1}} | 400 | BadRequest",
                "application/json | {\"kind\":\"Pod\",\"apiVersion\":\"v1\"} | 400 | BadRequest",
                "application/json | {\"metadata\":{\"name\":\"A_\"}} | 422 | Invalid",
            })
    void bodiesThatCannotBeReadGetAReason(String type, String body, int code, String reason) {
        var answer = plane.http("POST", MAPS, body.getBytes(StandardCharsets.UTF_8), "Content-Type", type);
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(code);
        assertThat(View.of(Json.parse(answer.body())).get("reason").string()).isEqualTo(reason);
    }

    @Test
    void invalidTextAndDeepNestingAreRefused() {
        var bad = "{\"metadata\":{\"name\":\"x\"},\"data\":{\"a\":\"?\"}}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bad.length; i++) if (bad[i] == '?') bad[i] = (byte) 0xff;
        assertThat(plane.http("POST", MAPS, bad, "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(400);
        var deep = "{\"metadata\":" + "{\"a\":".repeat(5000) + "1" + "}".repeat(5001);
        assertThat(plane.http("POST", MAPS, deep.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(400);
        var large = "{\"metadata\":{\"name\":\"large\"},\"data\":{\"a\":\"" + "x".repeat(4 << 20) + "\"}}";
        assertThat(plane.http("POST", MAPS, large.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(413);
    }
}
