package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the conformance suite asks of Jobs, CronJobs and disruption budgets, on hollow nodes.
class JobSpecsTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> Workload.nodes(2));

    private static final Calls calls = new Calls(plane);

    private static void job(Workload work, String spec, String more) {
        calls.post(
                work.batch("jobs"),
                "{metadata: {name: j}, spec: {" + spec
                        + ", template: {metadata: {labels: {l: j}}, spec: {restartPolicy: Never, containers: [{name: c, image: i}]"
                        + more + "}}}}");
    }

    private static View until(Workload work, String condition) {
        return calls.until(work.batch("jobs/j"), job -> job.condition(condition).equals("True"));
    }

    private static String reason(View job, String condition) {
        return job.status()
                .get("conditions")
                .find("type", condition)
                .get("reason")
                .string();
    }

    @Test
    @DisplayName("[sig-apps] Job should create pods for an Indexed job with completion indexes and specified hostname")
    void indexed() {
        var work = Workload.in(calls, "job-indexed");
        job(work, "completionMode: Indexed, completions: 4, parallelism: 2", "");
        var done = until(work, "Complete");
        assertThat(done.status().get("completedIndexes").string()).isEqualTo("0-3");
        assertThat(work.pods())
                .extracting(pod -> pod.annotation("batch.kubernetes.io/job-completion-index"))
                .containsExactlyInAnyOrder("0", "1", "2", "3");
        assertThat(work.pods()).allSatisfy(pod -> {
            assertThat(pod.spec().get("hostname").string())
                    .isEqualTo("j-" + pod.annotation("batch.kubernetes.io/job-completion-index"));
            assertThat(pod.metadata().get("finalizers").list()).isEmpty();
        });
    }

    @Test
    @DisplayName("[sig-apps] Job should execute all indexes despite some failing when using backoffLimitPerIndex")
    void perIndex() {
        var work = Workload.in(calls, "job-per-index");
        job(work, "completionMode: Indexed, completions: 4, parallelism: 4, backoffLimitPerIndex: 0", Workload.NOWHERE);
        for (var pod : work.pods(pods -> pods.size() == 4)) {
            int index = Integer.parseInt(pod.annotation("batch.kubernetes.io/job-completion-index"));
            work.end(pod, index % 2 == 0 ? "Failed" : "Succeeded", index % 2 == 0 ? 1 : 0, "");
        }
        var failed = until(work, "Failed");
        assertThat(reason(failed, "Failed")).isEqualTo("FailedIndexes");
        assertThat(failed.status().get("failedIndexes").string()).isEqualTo("0,2");
        assertThat(failed.status().get("completedIndexes").string()).isEqualTo("1,3");
        assertThat(failed.status().get("failed").longOr(0)).isEqualTo(2);
        assertThat(failed.status().get("succeeded").longOr(0)).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "[sig-apps] Job should terminate job execution when the number of failed indexes exceeds maxFailedIndexes")
    void maxFailedIndexes() {
        var work = Workload.in(calls, "job-max-failed");
        job(
                work,
                "completionMode: Indexed, completions: 10, parallelism: 3, backoffLimitPerIndex: 0, maxFailedIndexes: 1",
                Workload.NOWHERE);
        var pods = work.pods(all -> all.size() == 3);
        work.end(pods.get(0), "Failed", 1, "");
        work.end(pods.get(1), "Failed", 1, "");
        assertThat(reason(until(work, "Failed"), "Failed")).isEqualTo("MaxFailedIndexesExceeded");
        assertThat(work.active()).isEmpty();
    }

    @Test
    @DisplayName("[sig-apps] Job should allow to use the pod failure policy on exit code to fail the job early")
    void failJob() {
        var work = Workload.in(calls, "job-fail-early");
        job(
                work,
                "completions: 3, parallelism: 3, podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [1]}}]}",
                Workload.NOWHERE);
        work.end(work.pods(all -> all.size() == 3).getFirst(), "Failed", 1, "");
        assertThat(reason(until(work, "Failed"), "Failed")).isEqualTo("PodFailurePolicy");
    }

    @Test
    @DisplayName(
            "[sig-apps] Job should allow to use a pod failure policy to ignore failure matching on DisruptionTarget condition")
    void ignored() {
        var work = Workload.in(calls, "job-ignore");
        job(
                work,
                "completions: 1, parallelism: 1, backoffLimit: 0, podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: DisruptionTarget, status: 'True'}]}]}",
                Workload.NOWHERE);
        var first = work.pods(all -> all.size() == 1).getFirst();
        work.end(first, "Failed", 1, "{type: DisruptionTarget, status: 'True'}");
        var second = work.pods(all -> all.size() == 2).stream()
                .filter(pod -> !pod.uid().equals(first.uid()))
                .findFirst()
                .orElseThrow();
        work.end(second, "Succeeded", 0, "");
        assertThat(until(work, "Complete").status().get("failed").longOr(0)).isZero();
    }

    @Test
    @DisplayName(
            "[sig-apps] Job with successPolicy succeededCount rule should succeeded even when some indexes remain pending")
    void successPolicy() {
        var work = Workload.in(calls, "job-success-policy");
        job(
                work,
                "completionMode: Indexed, completions: 5, parallelism: 5, successPolicy: {rules: [{succeededCount: 1}]}",
                Workload.NOWHERE);
        work.end(work.pods(all -> all.size() == 5).getFirst(), "Succeeded", 0, "");
        var done = until(work, "Complete");
        assertThat(reason(done, "SuccessCriteriaMet")).isEqualTo("SuccessPolicy");
        assertThat(done.status()
                        .get("conditions")
                        .find("type", "Complete")
                        .get("message")
                        .string())
                .isEqualTo("Matched rules at index 0");
        assertThat(work.active()).isEmpty();
    }

    @Test
    @DisplayName("[sig-apps] Job with successPolicy should succeeded when all indexes succeeded")
    void successPolicyAll() {
        var work = Workload.in(calls, "job-success-all");
        job(
                work,
                "completionMode: Indexed, completions: 2, parallelism: 2, successPolicy: {rules: [{succeededIndexes: '0,1'}]}",
                "");
        var done = until(work, "Complete");
        assertThat(done.status().get("succeeded").longOr(0)).isEqualTo(2);
        assertThat(reason(done, "Complete")).isIn("SuccessPolicy", "CompletionsReached");
    }

    @Test
    @DisplayName("[sig-apps] Job should adopt matching orphans and release non-matching pods")
    void adopts() {
        var work = Workload.in(calls, "job-adopts");
        job(work, "parallelism: 2, completions: 2", Workload.NOWHERE);
        var pod = work.pods(all -> all.size() == 2).getFirst();
        calls.patch(work.core("pods/" + pod.name()), Calls.MERGE, "{metadata: {ownerReferences: []}}");
        calls.until(
                work.core("pods/" + pod.name()),
                now -> now.controller().get("name").string().equals("j"));
        calls.patch(
                work.core("pods/" + pod.name()),
                Calls.MERGE,
                "{metadata: {labels: {batch.kubernetes.io/controller-uid: null, controller-uid: null, job-name: null, batch.kubernetes.io/job-name: null}}}");
        calls.until(work.core("pods/" + pod.name()), now -> !now.controller().exists());
    }

    @Test
    @DisplayName("[sig-apps] Job should delete a job")
    void deleted() {
        var work = Workload.in(calls, "job-deleted");
        job(work, "parallelism: 2, completions: 4", Workload.NOWHERE);
        work.pods(all -> all.size() == 2);
        calls.delete(work.batch("jobs/j") + "?propagationPolicy=Foreground").expect(200);
        calls.until(work.batch("jobs/j"), job -> job.get("code").longOr(0) == 404);
        assertThat(work.pods()).isEmpty();
    }

    @Test
    @DisplayName("[sig-apps] Job should manage the lifecycle of a job")
    void lifecycle() {
        var work = Workload.in(calls, "job-lifecycle");
        job(work, "parallelism: 1, completions: 1, suspend: true, backoffLimit: 6", "");
        calls.until(work.batch("jobs/j"), job -> job.condition("Suspended").equals("True"));
        calls.patch(work.batch("jobs/j"), Calls.MERGE, "{spec: {suspend: false}, metadata: {labels: {x: patched}}}");
        until(work, "Complete");
        assertThat(calls.count("/apis/batch/v1/jobs?labelSelector=x%3Dpatched")).isEqualTo(1);
        calls.delete(work.batch("jobs?labelSelector=x%3Dpatched")).expect(200);
        calls.until(work.batch("jobs/j"), job -> job.get("code").longOr(0) == 404);
    }

    @Test
    void aJobGoesSoLongAfterItsEndAsItWants() {
        var work = Workload.in(calls, "job-ttl");
        job(work, "ttlSecondsAfterFinished: 1", "");
        until(work, "Complete");
        calls.until(work.batch("jobs/j"), job -> job.get("code").longOr(0) == 404);
        work.pods(List::isEmpty);
    }

    private static void cron(Workload work, String spec) {
        calls.post(
                work.batch("cronjobs"),
                "{metadata: {name: c}, spec: {schedule: '@every 1s', " + spec
                        + ", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]"
                        + Workload.NOWHERE + "}}}}}}");
    }

    @Test
    @DisplayName("[sig-apps] CronJob should schedule multiple jobs concurrently")
    void cronConcurrent() {
        var work = Workload.in(calls, "cron-allow");
        calls.post(
                work.batch("cronjobs"),
                "{metadata: {name: c}, spec: {schedule: '* * * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}}}");
        // Its time is taken to have been missed: the last one is made up for.
        calls.patch(
                work.batch("cronjobs/c/status"), Calls.MERGE, "{status: {lastScheduleTime: '2026-01-01T00:00:00Z'}}");
        var job = calls.until(
                        work.batch("jobs"), jobs -> jobs.get("items").list().size() >= 1)
                .get("items")
                .at(0);
        assertThat(job.controller().get("name").string()).isEqualTo("c");
        assertThat(job.annotation("batch.kubernetes.io/cronjob-scheduled-timestamp"))
                .isNotEmpty();
        calls.until(
                work.batch("cronjobs/c"),
                cron -> cron.status().get("lastScheduleTime").string().compareTo("2026-01-01T00:00:00Z") > 0);
    }

    @Test
    @DisplayName("[sig-apps] CronJob should not schedule jobs when suspended [Slow]")
    void cronSuspended() {
        var work = Workload.in(calls, "cron-suspended");
        cron(work, "suspend: true");
        cron(Workload.in(calls, "cron-running"), "suspend: false");
        calls.until(
                "/apis/batch/v1/namespaces/cron-running/jobs",
                jobs -> jobs.get("items").list().size() >= 1);
        assertThat(calls.get(work.batch("jobs")).get("items").list()).isEmpty();
    }

    private static String budgets(Workload work) {
        return "/apis/policy/v1/namespaces/" + work.namespace() + "/poddisruptionbudgets";
    }

    private static Calls.Answer evict(Workload work, String pod) {
        return calls.tryPost(
                work.core("pods/" + pod + "/eviction"),
                "{apiVersion: policy/v1, kind: Eviction, metadata: {name: " + pod + "}}");
    }

    @Test
    @DisplayName("[sig-apps] DisruptionController should block an eviction until the PDB is updated to allow it")
    void evictions() {
        var work = Workload.in(calls, "evictions");
        calls.post(
                work.apps("replicasets"), "{metadata: {name: r}, spec: {replicas: 3, " + Workload.template("r") + "}}");
        var pods = work.ready(3);
        calls.post(budgets(work), "{metadata: {name: b}, spec: {minAvailable: 3, selector: {matchLabels: {app: r}}}}");
        calls.until(
                budgets(work) + "/b",
                b -> b.status().get("currentHealthy").longOr(0) == 3
                        && b.status().get("observedGeneration").longOr(0) == 1);
        var refused = evict(work, pods.getFirst().name());
        assertThat(refused.code()).isEqualTo(429);
        assertThat(refused.message()).isEqualTo("Cannot evict pod as it would violate the pod's disruption budget.");
        assertThat(refused.body().get("details", "causes").at(0).get("message").string())
                .isEqualTo("The disruption budget b needs 3 healthy pods and has 3 currently");
        calls.patch(budgets(work) + "/b", Calls.MERGE, "{spec: {minAvailable: 2}}");
        calls.until(
                budgets(work) + "/b", b -> b.status().get("disruptionsAllowed").longOr(0) == 1);
        evict(work, pods.getFirst().name()).expect(201);
        assertThat(work.ready(3))
                .extracting(View::name)
                .doesNotContain(pods.getFirst().name());
    }

    @Test
    @DisplayName("[sig-apps] DisruptionController should observe PodDisruptionBudget status updated")
    void budgetStatus() {
        var work = Workload.in(calls, "budget-status");
        calls.post(
                work.apps("replicasets"), "{metadata: {name: r}, spec: {replicas: 4, " + Workload.template("r") + "}}");
        work.ready(4);
        calls.post(
                budgets(work),
                "{metadata: {name: b}, spec: {maxUnavailable: '50%', selector: {matchLabels: {app: r}}}}");
        var budget = calls.until(
                budgets(work) + "/b", b -> b.status().get("disruptionsAllowed").longOr(0) == 2);
        assertThat(budget.status().get("expectedPods").longOr(0)).isEqualTo(4);
        assertThat(budget.status().get("desiredHealthy").longOr(0)).isEqualTo(2);
        assertThat(budget.condition("DisruptionAllowed")).isEqualTo("True");
    }

    @Test
    @DisplayName("[sig-apps] DisruptionController should create a PodDisruptionBudget")
    void budgetCreated() {
        var work = Workload.in(calls, "budget-created");
        calls.post(budgets(work), "{metadata: {name: b}, spec: {minAvailable: 1, selector: {matchLabels: {app: r}}}}");
        calls.until(
                budgets(work) + "/b", b -> b.status().get("observedGeneration").longOr(0) == 1);
        calls.patch(budgets(work) + "/b", Calls.MERGE, "{spec: {minAvailable: '2%'}}");
        calls.until(
                budgets(work) + "/b", b -> b.status().get("observedGeneration").longOr(0) == 2);
        calls.delete(budgets(work) + "/b").expect(200);
    }
}
