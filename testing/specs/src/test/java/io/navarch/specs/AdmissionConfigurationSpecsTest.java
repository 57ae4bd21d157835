package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class AdmissionConfigurationSpecsTest {
    @TempDir
    static Path folder;

    static AdmissionHookUnderTest hook;

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> {
        hook = new AdmissionHookUnderTest(folder.resolve("hook"), "127.0.0.1");
        Files.writeString(folder.resolve("admission.yaml"), """
                apiVersion: apiserver.config.k8s.io/v1
                kind: AdmissionConfiguration
                plugins:
                - name: PodSecurity
                  configuration:
                    apiVersion: pod-security.admission.config.k8s.io/v1
                    kind: PodSecurityConfiguration
                    defaults: {enforce: baseline, enforce-version: latest}
                    exemptions: {namespaces: [free]}
                - name: EventRateLimit
                  path: events.yaml
                - name: MutatingAdmissionWebhook
                  configuration:
                    apiVersion: apiserver.config.k8s.io/v1
                    kind: WebhookAdmissionConfiguration
                    kubeConfigFile: %s
                """.formatted(folder.resolve("webhooks")));
        Files.writeString(folder.resolve("webhooks"), """
                apiVersion: v1
                kind: Config
                users:
                - name: '*.0.0.1:%d'
                  user: {token: secret}
                - name: '*'
                  user: {token: another}
                """.formatted(hook.port()));
        Files.writeString(folder.resolve("events.yaml"), "{limits: [{type: User, qps: 1, burst: 3}]}");
        return new String[] {
            "--admission-control-config-file",
            folder.resolve("admission.yaml").toString(),
            "--enable-admission-plugins",
            "EventRateLimit",
            "--disable-admission-plugins",
            "ValidatingAdmissionWebhook"
        };
    });

    private final Calls calls = new Calls(plane);

    @AfterAll
    static void close() {
        hook.close();
    }

    private void configure(String kind, String client) {
        calls.post(
                "/apis/admissionregistration.k8s.io/v1/" + kind.toLowerCase(Locale.ROOT) + "webhookconfigurations",
                """
                {metadata: {name: hook}, webhooks: [{name: hook.example.com, clientConfig: %s, sideEffects: None,
                  admissionReviewVersions: [v1], rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1],
                  resources: [configmaps]}]}]}
                """.formatted(client));
    }

    @Test
    void webhooksAreCalledAsTheFileSaysAndPluginsThatAreOffAskNobody() {
        configure(
                "Mutating",
                "{url: 'https://127.0.0.1:" + hook.port() + "/allow', caBundle: '" + hook.authority() + "'}");
        // Nobody is there, but nobody is asked.
        configure("Validating", "{url: 'https://127.0.0.1:1/'}");
        calls.tryPost("/api/v1/namespaces/default/configmaps?dryRun=All", "{metadata: {name: a}}")
                .expect(201);
        assertThat(hook.asked)
                .extracting(AdmissionHookUnderTest.Asked::authorization)
                .containsOnly("Bearer secret");
    }

    @BeforeAll
    static void namespaces() {
        new Calls(plane).post("/api/v1/namespaces", "{metadata: {name: free}}");
    }

    private Calls.Answer privileged(String namespace) {
        return calls.tryPost(
                "/api/v1/namespaces/" + namespace + "/pods?dryRun=All",
                "{metadata: {name: a}, spec: {hostNetwork: true, serviceAccountName: default, automountServiceAccountToken: false, containers: [{name: c, image: i}]}}");
    }

    @Test
    void aDefaultLevelHoldsExceptWhereExempt() {
        calls.until(
                "/api/v1/namespaces/free/serviceaccounts/default",
                read -> read.name().equals("default"));
        var refused = privileged("default");
        refused.expect(403);
        assertThat(refused.message()).contains("violates PodSecurity \"baseline:latest\": host namespaces");
        privileged("free").expect(201);
    }

    @Test
    void eventsOfOneUserAreBounded() {
        Calls.Answer answer = null;
        for (int i = 0; i < 5; i++)
            answer = calls.tryPost(
                    "/api/v1/namespaces/default/events",
                    "{metadata: {name: event-" + i + "}, involvedObject: {namespace: default}}");
        answer.expect(429);
        assertThat(answer.message()).startsWith("limit reached on type User for key ");
    }
}
