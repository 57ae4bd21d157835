package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Rollouts that miss their deadline, and DaemonSets, on hollow nodes.
class DeadlineAndDaemonSpecsTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> Workload.nodes(3));

    private static final Calls calls = new Calls(plane);

    /// https://github.com/kubernetes/kubernetes/issues/95550
    @Test
    void aDeadlineIsOfRolloutsAndStaysToldWhilePaused() {
        var work = Workload.in(calls, "deadline");
        calls.post(
                work.apps("deployments"),
                "{metadata: {name: d}, spec: {replicas: 0, progressDeadlineSeconds: 1, "
                        + Workload.template("d", Workload.NOWHERE) + "}}");
        progresses(work, "NewReplicaSetAvailable");
        calls.patch(work.apps("deployments/d"), Calls.MERGE, "{spec: {replicas: 1}}");
        work.pods(pods -> pods.size() == 1);
        calls.patch(work.apps("deployments/d"), Calls.MERGE, "{spec: {template: {metadata: {annotations: {v: '2'}}}}}");
        progresses(work, "ProgressDeadlineExceeded");
        calls.patch(work.apps("deployments/d"), Calls.MERGE, "{spec: {paused: true}}");
        var paused = calls.until(
                work.apps("deployments/d"),
                d -> d.status().get("observedGeneration").longOr(0)
                        == d.metadata().get("generation").longOr(-1));
        assertThat(paused.status()
                        .get("conditions")
                        .find("type", "Progressing")
                        .get("reason")
                        .string())
                .isEqualTo("ProgressDeadlineExceeded");
    }

    private void progresses(Workload work, String reason) {
        calls.until(
                work.apps("deployments/d"),
                d -> d.status()
                        .get("conditions")
                        .find("type", "Progressing")
                        .get("reason")
                        .string()
                        .equals(reason));
    }

    @Test
    @DisplayName("[sig-apps] Daemon set [Serial] should run and stop simple daemon")
    void simpleDaemon() {
        var work = Workload.in(calls, "ds-simple");
        calls.post(work.apps("daemonsets"), "{metadata: {name: d}, spec: {" + Workload.template("d") + "}}");
        var pods = work.ready(3);
        assertThat(pods).extracting(pod -> pod.spec().get("nodeName").string()).doesNotHaveDuplicates();
        calls.delete(work.core("pods/" + pods.getFirst().name())).expect(200);
        work.pods(all ->
                all.stream().noneMatch(pod -> pod.name().equals(pods.getFirst().name())));
        work.ready(3);
        calls.delete(work.apps("daemonsets/d")).expect(200);
        work.pods(List::isEmpty);
    }

    @Test
    @DisplayName("[sig-apps] Daemon set [Serial] should run and stop complex daemon")
    void complexDaemon() {
        var work = Workload.in(calls, "ds-complex");
        calls.post(
                work.apps("daemonsets"),
                "{metadata: {name: d}, spec: {" + Workload.template("d", ", nodeSelector: {color: blue}") + "}}");
        calls.until(
                work.apps("daemonsets/d"),
                d -> d.status().get("observedGeneration").longOr(0) == 1);
        assertThat(work.pods()).isEmpty();
        calls.patch("/api/v1/nodes/hollow-0001", Calls.MERGE, "{metadata: {labels: {color: blue}}}");
        assertThat(work.ready(1).getFirst().spec().get("nodeName").string()).isEqualTo("hollow-0001");
        calls.patch("/api/v1/nodes/hollow-0001", Calls.MERGE, "{metadata: {labels: {color: green}}}");
        work.pods(List::isEmpty);
    }

    @Test
    @DisplayName("[sig-apps] Daemon set [Serial] should retry creating failed daemon pods")
    void failedDaemonPods() {
        var work = Workload.in(calls, "ds-failed");
        calls.post(work.apps("daemonsets"), "{metadata: {name: d}, spec: {" + Workload.template("d") + "}}");
        var failed = work.ready(3).getFirst();
        work.end(failed, "Failed", 1, "{type: Ready, status: 'False'}");
        work.pods(pods -> pods.stream().noneMatch(pod -> pod.name().equals(failed.name())));
        work.ready(3);
    }

    @Test
    @DisplayName("[sig-apps] Daemon set [Serial] should rollback without unnecessary restarts")
    void daemonRollback() {
        var work = Workload.in(calls, "ds-rollback");
        calls.post(work.apps("daemonsets"), "{metadata: {name: d}, spec: {" + Workload.template("d") + "}}");
        var before = work.ready(3).stream().map(View::uid).toList();
        // The new template runs nowhere: one pod is replaced, the others stay.
        calls.patch(
                work.apps("daemonsets/d"),
                Calls.MERGE,
                "{spec: {template: {spec: {containers: [{name: c, image: i, resources: {requests: {cpu: '1000'}}}]}}}}");
        work.pods(pods ->
                pods.stream().filter(pod -> before.contains(pod.uid())).count() == 2 && pods.size() == 3);
        calls.patch(
                work.apps("daemonsets/d"),
                Calls.MERGE,
                "{spec: {template: {spec: {containers: [{name: c, image: i, resources: null}]}}}}");
        var after = work.ready(3).stream().map(View::uid).toList();
        assertThat(after.stream().filter(before::contains).count()).isEqualTo(2);
        assertThat(calls.get(work.apps("controllerrevisions")).get("items").list())
                .hasSize(2);
    }
}
