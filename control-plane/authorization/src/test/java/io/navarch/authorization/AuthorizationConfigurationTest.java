package io.navarch.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.expressions.Expressions;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class AuthorizationConfigurationTest {
    private static final Expressions EXPRESSIONS = new Expressions();

    @TempDir
    Path directory;

    private String kubeconfig = "";

    @BeforeEach
    void file() throws IOException {
        kubeconfig = Files.writeString(directory.resolve("kubeconfig"), "{}").toString();
    }

    private String right() {
        return """
                {"apiVersion": "apiserver.config.k8s.io/v1", "kind": "AuthorizationConfiguration", "authorizers": [
                {"type": "Webhook", "name": "w", "webhook": {"timeout": "1s", "authorizedTTL": "1m",
                "unauthorizedTTL": "5s", "subjectAccessReviewVersion": "v1",
                "matchConditionSubjectAccessReviewVersion": "v1", "failurePolicy": "Deny",
                "connectionInfo": {"type": "KubeConfigFile", "kubeConfigFile": "%s"},
                "matchConditions": [{"expression": "request.user == \\"a\\""}]}}]}""".formatted(kubeconfig);
    }

    private static List<ConfiguredAuthorizer> read(String text) {
        return new AuthorizationConfiguration(EXPRESSIONS).read(text, Set.of());
    }

    @TestFactory
    List<DynamicTest> saysWhatIsWrong() throws IOException {
        var tests = new ArrayList<DynamicTest>();
        for (var line : lines("configurations.txt")) {
            int arrow = line.indexOf(" => ");
            if (line.startsWith("#") || arrow < 0) continue;
            tests.add(DynamicTest.dynamicTest(line, () -> said(line.substring(0, arrow), line.substring(arrow + 4))));
        }
        return tests;
    }

    private static List<String> lines(String name) throws IOException {
        try (var stream =
                Objects.requireNonNull(AuthorizationConfigurationTest.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private void said(String changes, String fact) {
        var tree = Json.parse(right());
        for (var change : changes.replace("$KUBECONFIG", kubeconfig).split("; (?=[-a-zA-Z])")) change(tree, change);
        var wanted = fact.replace("$KUBECONFIG", kubeconfig).replace("\\n", "\n");
        var refused = assertThatThrownBy(() -> read(Json.writeString(tree))).isInstanceOf(ConfigurationException.class);
        if (wanted.endsWith("…")) refused.hasMessageStartingWith(wanted.substring(0, wanted.length() - 1));
        else refused.hasMessage(wanted);
    }

    /// @param change `path=JSON`, or `-path` for a field that is taken away
    @SuppressWarnings("unchecked")
    private static void change(Object tree, String change) {
        boolean away = change.startsWith("-");
        int equal = change.indexOf('=');
        var path = (away ? change.substring(1) : change.substring(0, equal)).split("\\.");
        var at = tree;
        for (int i = 0; i < path.length - 1; i++)
            at = at instanceof List<?> list ? list.get(Integer.parseInt(path[i])) : ((Map<?, ?>) at).get(path[i]);
        var last = path[path.length - 1];
        var parent = (Map<String, Object>) at;
        if (away) parent.remove(last);
        else parent.put(last, Json.parse(change.substring(equal + 1)));
    }

    @Test
    void whatIsLeftOutHasTheOriginalsDefaults() {
        var tree = Json.parse(right());
        change(tree, "-authorizers.0.webhook.authorizedTTL");
        change(tree, "-authorizers.0.webhook.unauthorizedTTL");
        var webhook = read(Json.writeString(tree)).getFirst().webhook().orElseThrow();
        assertThat(webhook.allowedFor()).isEqualTo(Duration.ofMinutes(5));
        assertThat(webhook.refusedFor()).isEqualTo(Duration.ofSeconds(30));
        change(tree, "authorizers.0.webhook.cacheAuthorizedRequests=false");
        change(tree, "authorizers.0.webhook.cacheUnauthorizedRequests=false");
        webhook = read(Json.writeString(tree)).getFirst().webhook().orElseThrow();
        assertThat(webhook.allowedFor()).isZero();
        assertThat(webhook.refusedFor()).isZero();
        assertThat(webhook.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(webhook.closed()).isTrue();
        assertThat(webhook.version()).isEqualTo("v1");
    }

    @Test
    void everyVersionIsReadAndTheOrderIsKept() {
        for (var version : List.of("v1", "v1beta1", "v1alpha1")) {
            var read = read("{apiVersion: apiserver.config.k8s.io/" + version
                    + ", kind: AuthorizationConfiguration, authorizers: [{type: RBAC, name: rbac}, {type: Node, name:"
                    + " node}, {type: AlwaysDeny, name: alwaysdeny}]}");
            assertThat(read)
                    .extracting(ConfiguredAuthorizer::type)
                    .containsExactly(AuthorizerType.RBAC, AuthorizerType.NODE, AuthorizerType.ALWAYS_DENY);
        }
    }

    @Test
    void whatWasThereAtTheStartMustStay() {
        var text = "{apiVersion: apiserver.config.k8s.io/v1, kind: AuthorizationConfiguration, authorizers: [{type:"
                + " AlwaysAllow, name: alwaysallow}]}";
        assertThatThrownBy(() -> new AuthorizationConfiguration(EXPRESSIONS)
                        .read(text, Set.of(AuthorizerType.NODE, AuthorizerType.RBAC)))
                .hasMessage("missing required types: [Node RBAC]");
    }

    @Test
    void conditionsAreEvaluatedOverTheWholeQuestion() {
        var conditions = read(right()).getFirst().webhook().orElseThrow().conditions();
        assertThat(conditions.evaluate(Map.of("user", "a")).matches()).isTrue();
        assertThat(conditions.evaluate(Map.of("user", "b")).matches()).isFalse();
        assertThat(View.of(conditions.evaluate(Map.of()).errors()).list()).hasSize(1);
    }
}
