package io.navarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.Client;
import io.navarch.client.Transport;
import io.navarch.model.AnyObject;
import io.navarch.model.Deployment;
import io.navarch.model.Resources;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AppliedPodsTest {
    private static final String DEPLOYMENT = "/apis/apps/v1/namespaces/default/deployments/web";
    private static final String STATEFUL_SET = "/apis/apps/v1/namespaces/default/statefulsets/web";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String EVENTS = "/api/v1/namespaces/default/events";

    /// Answers by path, as YAML; those of logs by the whole call, as they are.
    private final Map<String, String> answers = new LinkedHashMap<>();

    private String asked = "";
    private String refused = "none";

    private final AppliedPods rollout = new AppliedPods(new Client(this::send, "test"));

    private Transport.Response send(String method, String uri, @Nullable String contentType, byte @Nullable [] body) {
        asked = uri;
        if (uri.equals(refused) || uri.startsWith(refused + "?"))
            return new Transport.Response(
                    403,
                    new ByteArrayInputStream("{\"kind\":\"Status\",\"code\":403,\"message\":\"may not\"}"
                            .getBytes(StandardCharsets.UTF_8)),
                    () -> {});
        var log = answers.get(uri);
        if (uri.contains("/log?"))
            return new Transport.Response(
                    200,
                    new ByteArrayInputStream(Objects.requireNonNull(log).getBytes(StandardCharsets.UTF_8)),
                    () -> {});
        var path = uri.replaceFirst("\\?.*", "");
        return new Transport.Response(
                200,
                new ByteArrayInputStream(Json.write(Yaml.parse(Objects.requireNonNull(answers.get(path), path)))),
                () -> {});
    }

    private static ManifestApplier.Applied applied(ResourceType<?> type) {
        var of = AnyObject.resource(type.group(), type.version(), type.plural(), type.kind(), true);
        return new ManifestApplier.Applied(of, AnyObject.of(View.of(Yaml.parse("""
                metadata: {name: web, namespace: default}
                spec: {selector: {matchLabels: {app: web}}}
                """))));
    }

    private String pending(int observed, int replicas, int updated, int available) {
        var live = Deployment.builder()
                .metadata(metadata -> metadata.namespace("default").name("web").generation(2))
                .spec(spec -> spec.replicas(2).selector(selector -> selector.putMatchLabels("app", "web")))
                .status(status -> status.observedGeneration(observed)
                        .replicas(replicas)
                        .updatedReplicas(updated)
                        .availableReplicas(available));
        answers.put(DEPLOYMENT, Json.writeString(live.map()));
        return rollout.pending(applied(Resources.DEPLOYMENTS));
    }

    @Test
    void itIsDoneWhenAllPodsAreNewAndAvailable() {
        answers.put(PODS, "items: []");
        assertThat(pending(2, 2, 2, 2)).isEmpty();
        assertThat(pending(1, 2, 2, 2)).isEqualTo("2 of 2 pods ready");
        assertThat(pending(2, 3, 2, 2)).isEqualTo("2 of 2 pods ready");
        assertThat(pending(2, 2, 2, 1)).isEqualTo("1 of 2 pods ready");
    }

    @Test
    void statefulSetsAreWaitedForToo() {
        answers.put(PODS, "items: []");
        answers.put(STATEFUL_SET, """
                metadata: {name: web, namespace: default, generation: 1}
                spec: {replicas: 3, updateStrategy: {rollingUpdate: {partition: 1}}}
                status: {observedGeneration: 1, replicas: 3, updatedReplicas: 2, readyReplicas: 3}
                """);
        assertThat(rollout.pending(applied(Resources.STATEFUL_SETS))).isEmpty();
        answers.put(STATEFUL_SET, """
                metadata: {name: web, namespace: default, generation: 1}
                status: {observedGeneration: 1}
                """);
        assertThat(rollout.pending(applied(Resources.STATEFUL_SETS))).isEqualTo("0 of 1 pods ready");
    }

    @Test
    void whatKeepsAPodIsSaid() {
        answers.put(PODS, """
                items:
                - metadata: {name: web-1}
                  status: {containerStatuses: [{state: {waiting: {reason: ContainerCreating}}}]}
                - metadata: {name: web-2}
                  status: {containerStatuses: [{state: {waiting: {reason: ErrImagePull, message: none such}}}]}
                """);
        assertThat(pending(2, 2, 2, 0)).isEqualTo("0 of 2 pods ready (web-2: ErrImagePull: none such)");
        answers.put(PODS, """
                items:
                - metadata: {name: web-1}
                  status: {conditions: [{type: PodScheduled, status: "False", message: no nodes}]}
                """);
        assertThat(pending(2, 2, 2, 0)).isEqualTo("0 of 2 pods ready (web-1: no nodes)");
    }

    @Test
    void aContainerThatCrashesIsNamedWithItsLastLines() {
        answers.put(PODS, """
                items:
                - metadata: {name: web-1, namespace: default}
                  status:
                    containerStatuses:
                    - name: side
                      ready: true
                      state: {running: {}}
                    - name: app
                      restartCount: 3
                      state: {waiting: {reason: CrashLoopBackOff, message: back-off 40s}}
                      lastState: {terminated: {exitCode: 137, reason: OOMKilled}}
                """);
        var trouble = rollout.troubles(applied(Resources.DEPLOYMENTS)).getFirst();
        assertThat(trouble.container()).isEqualTo("app");
        assertThat(trouble.what()).isEqualTo("CrashLoopBackOff: it ended 4 times, last with exit code 137 (OOMKilled)");
        answers.put(PODS + "/web-1/log?container=app&tailLines=10&previous=true", "one\ntwo\n");
        assertThat(rollout.lastLines(trouble)).containsExactly("one", "two");
    }

    @Test
    void aPodThatSaysNothingItselfIsToldOfByItsLastWarning() {
        answers.put(PODS, """
                items:
                - metadata: {name: web-1, namespace: default}
                  status: {containerStatuses: [{name: app, state: {waiting: {reason: ContainerCreating}}}]}
                """);
        answers.put(EVENTS, """
                items:
                - {reason: FailedMount, message: "secret \\"b\\" not found", lastTimestamp: "2026-01-01T00:00:02Z"}
                - {reason: FailedMount, message: "secret \\"a\\" not found", lastTimestamp: "2026-01-01T00:00:01Z"}
                """);
        assertThat(rollout.troubles(applied(Resources.DEPLOYMENTS)))
                .extracting(PodTrouble::what)
                .containsExactly("FailedMount: secret \"b\" not found");
    }

    /// Of one that had its name before nothing is told; and who may not see events still learns the rest.
    @Test
    void warningsAreAskedForByWhoIsMeant() {
        answers.put(PODS, """
                items:
                - metadata: {name: web-1, namespace: default, uid: "1234"}
                  status: {containerStatuses: [{name: app, state: {waiting: {reason: ContainerCreating}}}]}
                """);
        answers.put(EVENTS, "items: [{reason: FailedMount, message: no}]");
        assertThat(rollout.troubles(applied(Resources.DEPLOYMENTS))).hasSize(1);
        assertThat(asked).endsWith(Client.encode("involvedObject.name=web-1,involvedObject.uid=1234"));
        refused = EVENTS;
        assertThat(rollout.troubles(applied(Resources.DEPLOYMENTS))).isEmpty();
    }

    @Test
    void outputThatIsRefusedDoesNotHideTheTrouble() {
        var trouble =
                new PodTrouble(new ObjectKey("default", "web-1"), "app", "it fails\u001b[2J", PodTrouble.Log.CURRENT);
        assertThat(trouble.what()).isEqualTo("it fails\uFFFD[2J");
        refused = PODS + "/web-1/log";
        assertThat(rollout.lastLines(trouble)).singleElement().asString().startsWith("(its output cannot be read: ");
        refused = "none";
        answers.put(PODS + "/web-1/log?container=app&tailLines=10", "\u001b]0;title\u0007\n");
        assertThat(rollout.lastLines(trouble)).containsExactly("\uFFFD]0;title\uFFFD");
    }

    @Test
    void aPodThatRunsAndIsNotReadyIsTrouble() {
        answers.put(PODS, """
                items:
                - metadata: {name: web-1, namespace: default}
                  status: {containerStatuses: [{name: app, ready: false, state: {running: {}}}]}
                """);
        var trouble = rollout.troubles(applied(Resources.DEPLOYMENTS)).getFirst();
        assertThat(trouble.what()).isEqualTo("runs and is not ready: its probe does not pass");
        answers.put(PODS + "/web-1/log?container=app&tailLines=10", "");
        assertThat(rollout.lastLines(trouble)).isEqualTo(List.of());
    }
}
