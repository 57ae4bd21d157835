package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.job.JobController;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobControllerTest {
    private static Map<String, Object> job(String spec) {
        return View.of(Yaml.parse("""
                metadata: {name: j, namespace: ns}
                spec:
                  selector: {matchLabels: {job: j}}
                  template: {metadata: {labels: {job: j}}, spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}
                """ + spec.indent(2))).map();
    }

    private static World world(long seed, String spec) {
        var world = new World(seed, new JobController());
        world.create(Resources.JOBS.untyped(), job(spec));
        return world;
    }

    private static View job(World world) {
        return world.get(Resources.JOBS.untyped(), "ns", "j");
    }

    private static String reason(World world, String condition) {
        return Pods.condition(job(world), condition).get("reason").string();
    }

    /// Pods by uid that have ended, also those that are gone.
    private static Set<String> ended(World world, String phase) {
        var uids = new HashSet<String>();
        for (var change : world.log)
            if (change.type().equals(Resources.PODS.untyped())
                    && change.now().status().get("phase").string().equals(phase))
                uids.add(change.now().uid());
        return uids;
    }

    private static long active(World world) {
        return world.all(Resources.PODS.untyped()).stream().filter(Pods::active).count();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyPodIsCountedOnceWhateverFails(long seed) {
        var world = world(seed, "completions: 12\nparallelism: 4\nbackoffLimit: 1000");
        world.failures = 0.15;
        world.ends = 0.3;
        world.fails = 0.2;
        world.always(now -> {
            var status = job(now).status();
            assertThat(active(now)).as("parallelism, seed %d", seed).isLessThanOrEqualTo(4);
            assertThat(status.get("succeeded").longOr(0))
                    .as("never too many, seed %d", seed)
                    .isLessThanOrEqualTo(ended(now, "Succeeded").size());
        });
        for (int i = 0; i < 20_000 && reason(world, "Complete").isEmpty(); i++) world.step();
        world.settle("seed " + seed);
        assertThat(reason(world, "Complete")).isEqualTo("CompletionsReached");
        var status = job(world).status();
        assertThat(status.get("succeeded").longOr(0))
                .isEqualTo(ended(world, "Succeeded").size())
                .isEqualTo(12);
        assertThat(status.get("uncountedTerminatedPods").map()).isEmpty();
        assertThat(world.all(Resources.PODS.untyped()))
                .allSatisfy(pod ->
                        assertThat(pod.metadata().get("finalizers").list()).isEmpty());
        int failed = ended(world, "Failed").size();
        assertThat(status.get("failed").longOr(0)).isEqualTo(failed);
        var metrics = world.metrics.text();
        assertThat(metrics)
                .contains(
                        "job_controller_jobs_finished_total{completion_mode=\"NonIndexed\",result=\"succeeded\",reason=\"CompletionsReached\"} 1\n",
                        "job_controller_job_pods_finished_total{completion_mode=\"NonIndexed\",result=\"succeeded\"} 12\n",
                        "job_controller_job_syncs_total{completion_mode=\"NonIndexed\",result=\"error\",action=\"");
        if (failed > 0)
            assertThat(metrics)
                    .contains(
                            "job_controller_job_pods_finished_total{completion_mode=\"NonIndexed\",result=\"failed\"} "
                                    + failed + "\n");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyIndexSucceedsOnce(long seed) {
        var world = world(seed, "completions: 7\nparallelism: 3\ncompletionMode: Indexed\nbackoffLimit: 1000");
        world.failures = 0.1;
        world.ends = 0.3;
        world.fails = 0.3;
        world.always(now -> assertThat(now.all(Resources.PODS.untyped()).stream()
                        .filter(Pods::active)
                        .map(pod -> pod.annotation("batch.kubernetes.io/job-completion-index"))
                        .toList())
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .hasSizeLessThanOrEqualTo(3));
        for (int i = 0; i < 20_000 && reason(world, "Complete").isEmpty(); i++) world.step();
        world.settle("seed " + seed);
        assertThat(job(world).status().get("completedIndexes").string()).isEqualTo("0-6");
        assertThat(job(world).status().get("succeeded").longOr(0)).isEqualTo(7);
    }

    @Test
    void tooManyFailuresEndAJob() {
        var world = world(1, "completions: 3\nparallelism: 2\nbackoffLimit: 2");
        world.ends = 1;
        world.fails = 1;
        for (int i = 0; i < 5000; i++) world.step();
        world.settle("failed");
        assertThat(reason(world, "Failed")).isEqualTo("BackoffLimitExceeded");
        assertThat(reason(world, "FailureTarget")).isEqualTo("BackoffLimitExceeded");
        assertThat(active(world)).isZero();
        assertThat(job(world).status().get("failed").longOr(0)).isBetween(3L, 4L);
    }

    @Test
    void anIndexThatFailsTooOftenDoesNotHoldUpTheOthers() {
        var world = new World(2, new JobController()).withNode(JobControllerTest::failIndexOne);
        world.create(
                Resources.JOBS.untyped(),
                job(
                        "completions: 4\nparallelism: 4\ncompletionMode: Indexed\nbackoffLimitPerIndex: 1\nbackoffLimit: 2147483647"));
        for (int i = 0; i < 5000; i++) world.step();
        world.settle("some failed");
        assertThat(reason(world, "Failed")).isEqualTo("FailedIndexes");
        assertThat(job(world).status().get("completedIndexes").string()).isEqualTo("0,2,3");
        assertThat(job(world).status().get("failedIndexes").string()).isEqualTo("1");
        assertThat(ended(world, "Failed")).hasSize(2);
    }

    private static void failIndexOne(World world) {
        for (var pod : world.all(Resources.PODS.untyped())) {
            if (Pods.ended(pod)) continue;
            var index = pod.annotation("batch.kubernetes.io/job-completion-index");
            world.end(pod, index.equals("1") ? "Failed" : "Succeeded");
            return;
        }
    }

    @Test
    void aRuleForExitCodesFailsTheJobAtOnce() {
        var world = world(3, """
                completions: 3
                parallelism: 3
                backoffLimit: 6
                podReplacementPolicy: Failed
                podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [1]}}]}
                """);
        world.ends = 0.5;
        world.fails = 1;
        for (int i = 0; i < 3000; i++) world.step();
        world.settle("failed");
        assertThat(reason(world, "Failed")).isEqualTo("PodFailurePolicy");
        assertThat(Pods.condition(job(world), "Failed").get("message").string())
                .matches("Container c for pod ns/j-x\\d+ failed with exit code 1 matching FailJob rule at index 0");
    }

    @Test
    void enoughSuccessesEndAJobWithARule() {
        var world = world(4, """
                completions: 5
                parallelism: 5
                completionMode: Indexed
                backoffLimit: 6
                successPolicy: {rules: [{succeededCount: 2}]}
                """);
        world.ends = 0.2;
        for (int i = 0; i < 3000; i++) world.step();
        world.settle("met");
        assertThat(reason(world, "Complete")).isEqualTo("SuccessPolicy");
        assertThat(reason(world, "SuccessCriteriaMet")).isEqualTo("SuccessPolicy");
        assertThat(active(world)).isZero();
    }

    @Test
    void aSuspendedJobHasNoPodsAndCountsNone() {
        var world = world(5, "completions: 2\nparallelism: 2\nbackoffLimit: 6");
        world.settle("running");
        assertThat(active(world)).isEqualTo(2);
        world.change(Resources.JOBS.untyped(), job(world), Trees.map("spec", Trees.map("suspend", true)));
        world.settle("suspended");
        assertThat(active(world)).isZero();
        assertThat(reason(world, "Suspended")).isEqualTo("JobSuspended");
        assertThat(job(world).status().get("failed").longOr(0)).isZero();
        world.change(Resources.JOBS.untyped(), job(world), Trees.map("spec", Trees.map("suspend", false)));
        world.settle("resumed");
        assertThat(active(world)).isEqualTo(2);
        assertThat(reason(world, "Suspended")).isEqualTo("JobResumed");
    }

    @Test
    void theDeadlineEndsAJob() {
        var world = world(6, "completions: 2\nparallelism: 2\nbackoffLimit: 6\nactiveDeadlineSeconds: 300");
        for (int i = 0; i < 3000; i++) world.step();
        world.settle("over");
        assertThat(reason(world, "Failed")).isEqualTo("DeadlineExceeded");
    }

    @Test
    void podsOfADeletedJobAreLetGo() {
        var world = world(7, "completions: 2\nparallelism: 2\nbackoffLimit: 6");
        world.settle("running");
        world.delete(Resources.JOBS.untyped(), job(world).key(), "", null);
        world.settle("gone");
        assertThat(world.all(Resources.PODS.untyped())).isEmpty();
    }

    @Test
    void podsThatCannotBeMadeHoldUpNoCounting() {
        var world = world(8, "completions: 4\nparallelism: 2\nbackoffLimit: 6");
        world.settle("running");
        for (var pod : world.all(Resources.PODS.untyped())) world.end(pod, "Succeeded");
        world.refused.add(Resources.PODS.untyped());
        for (int i = 0; i < 300; i++) world.step();
        assertThat(job(world).status().get("succeeded").longOr(0)).isEqualTo(2);
        assertThat(active(world)).isZero();
        world.refused.clear();
        world.settle("again");
        assertThat(active(world)).isEqualTo(2);
    }
}
