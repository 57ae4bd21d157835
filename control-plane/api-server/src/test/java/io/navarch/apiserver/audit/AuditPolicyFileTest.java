package io.navarch.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apiserver.request.AuditLevel;
import io.navarch.apiserver.request.FakeCall;
import io.navarch.apiserver.request.RequestInfo;
import io.navarch.process.ConfigurationException;
import io.navarch.schema.admission.User;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditPolicyFileTest {
    private static final String HEAD = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";
    private static final AuditPolicy POLICY = AuditPolicyFile.read(HEAD + """
                    omitStages: [RequestReceived]
                    omitManagedFields: true
                    rules:
                    - {level: None, users: [quiet]}
                    - {level: None, userGroups: [ops], verbs: [watch]}
                    - {level: None, nonResourceURLs: [/healthz*, /version]}
                    - {level: Request, resources: [{group: "", resources: [configmaps], resourceNames: [one]}], namespaces: [a]}
                    - {level: RequestResponse, resources: [{group: "", resources: ["pods/*"]}, {group: apps}], omitStages: [Panic], omitManagedFields: false}
                    - {level: None, resources: [{group: "*", resources: ["*/status"]}]}
                    - {level: Metadata, resources: [{group: "", resources: [secrets, pods]}]}
                    """);

    private static AuditPolicy.Decision decide(String user, String path) {
        return POLICY.decide(new User(user, "", List.of("ops"), Map.of()), RequestInfo.of(FakeCall.get(path)));
    }

    @ParameterizedTest
    @CsvSource({
        "quiet,/api/v1/secrets,NONE",
        "eva,/api/v1/secrets?watch=true,NONE",
        "eva,/api/v1/secrets,METADATA",
        "eva,/healthz/etcd,NONE",
        "eva,/version,NONE",
        "eva,/metrics,NONE",
        "eva,/api/v1/namespaces/a/configmaps/one,REQUEST",
        "eva,/api/v1/namespaces/a/configmaps/two,NONE",
        "eva,/api/v1/namespaces/b/configmaps/one,NONE",
        "eva,/api/v1/namespaces/a/pods/x/log,REQUEST_RESPONSE",
        "eva,/api/v1/namespaces/a/pods/x,REQUEST_RESPONSE",
        "eva,/apis/apps/v1/deployments,REQUEST_RESPONSE",
        "eva,/api/v1/nodes/x/status,NONE",
        "eva,/api/v1/nodes/x,NONE"
    })
    void theFirstRuleThatFitsDecides(String user, String path, AuditLevel level) {
        assertThat(decide(user, path).level()).isEqualTo(level);
    }

    @Test
    void aRuleAddsToStagesAndOverridesManagedFields() {
        var own = decide("eva", "/apis/apps/v1/deployments");
        assertThat(own.omitted()).containsExactlyInAnyOrder(AuditStage.REQUEST_RECEIVED, AuditStage.PANIC);
        assertThat(own.managedFields()).isTrue();
        assertThat(decide("eva", "/api/v1/secrets").managedFields()).isFalse();
    }

    private static void refused(String rules, String message) {
        assertThatThrownBy(() -> AuditPolicyFile.read(HEAD + rules))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatIsWrongIsToldByTheField() {
        refused("rules: []", "loaded illegal policy with 0 rules");
        refused("rules: [{}]", "rules[0].level: Required value");
        refused(
                "rules: [{level: All}]",
                "rules[0].level: Unsupported value: \"All\": supported values: \"None\", \"Metadata\", \"Request\","
                        + " \"RequestResponse\"");
        refused("rules: [{level: None, user: [a]}]", "unknown field \"rules[0].user\"");
        refused("rules: [{level: None, users: a}]", "cannot unmarshal string into field rules[0].users");
        refused(
                "rules: [{level: None, nonResourceURLs: [healthz]}]",
                "rules[0].nonResourceURLs[0]: Invalid value: \"healthz\": non-resource URL rules must begin with a '/'");
        refused("rules: [{level: None, nonResourceURLs: [/a*b]}]", "must be the final character of the rule");
        refused("rules: [{level: None, nonResourceURLs: [/a], namespaces: [b]}]", "rules cannot apply to both");
        refused(
                "rules: [{level: None, resources: [{group: apps/v1}]}]",
                "rules[0].resources.group: Invalid value: \"apps/v1\"");
        refused(
                "rules: [{level: None, resources: [{resourceNames: [a]}]}]",
                "using resourceNames requires at least one resource");
        refused(
                "omitStages: [Never]\nrules: [{level: None}]",
                "omitStages[0]: Invalid value: \"Never\": allowed stages are"
                        + " RequestReceived,ResponseStarted,ResponseComplete,Panic");
        assertThatThrownBy(() -> AuditPolicyFile.read("apiVersion: audit.k8s.io/v1beta1\nkind: Policy"))
                .hasMessageContaining("expected Policy of audit.k8s.io/v1");
    }
}
