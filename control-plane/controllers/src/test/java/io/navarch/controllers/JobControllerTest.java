package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.job.JobController;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Job;
import io.navarch.model.JobCondition;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.Resources;
import io.navarch.model.StatusCondition;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobControllerTest {
    private static Job job(String spec) {
        return Job.of(View.of(Yaml.parse("""
                metadata: {name: j, namespace: ns}
                spec:
                  selector: {matchLabels: {job: j}}
                  template: {metadata: {labels: {job: j}}, spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}
                """ + spec.indent(2))));
    }

    private static World world(long seed, String spec) {
        var world = new World(seed, new JobController());
        world.create(Resources.JOBS, job(spec));
        return world;
    }

    private static Job job(World world) {
        return world.get(Resources.JOBS, "ns", "j");
    }

    private static String reason(World world, String condition) {
        return condition(world, condition).map(JobCondition::reason).orElse("");
    }

    private static Optional<JobCondition> condition(World world, String type) {
        return StatusCondition.find(job(world).status().conditions(), type);
    }

    /// Pods by uid that have ended, also those that are gone.
    private static Set<String> ended(World world, PodPhase phase) {
        return world.log.stream()
                .filter(change -> change.type().equals(Resources.PODS))
                .map(change -> Pod.of(change.now()))
                .filter(pod -> pod.status().phase() == phase)
                .map(Pod::uid)
                .collect(Collectors.toSet());
    }

    private static void suspend(World world, boolean suspend) {
        world.change(
                Resources.JOBS,
                job(world),
                Job.builder().spec(spec -> spec.suspend(suspend)).build());
    }

    private static long active(World world) {
        return world.all(Resources.PODS).stream().filter(Pods::active).count();
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
            assertThat(status.succeeded())
                    .as("never too many, seed %d", seed)
                    .isLessThanOrEqualTo(ended(now, PodPhase.SUCCEEDED).size());
        });
        for (int i = 0; i < 20_000 && reason(world, "Complete").isEmpty(); i++) world.step();
        world.settle("seed " + seed);
        assertThat(reason(world, "Complete")).isEqualTo("CompletionsReached");
        var status = job(world).status();
        assertThat(status.succeeded())
                .isEqualTo(ended(world, PodPhase.SUCCEEDED).size())
                .isEqualTo(12);
        assertThat(status.uncountedTerminatedPods().view().map()).isEmpty();
        assertThat(world.all(Resources.PODS))
                .allSatisfy(pod -> assertThat(pod.metadata().finalizers()).isEmpty());
        int failed = ended(world, PodPhase.FAILED).size();
        assertThat(status.failed()).isEqualTo(failed);
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
        world.always(now -> assertThat(now.all(Resources.PODS).stream()
                        .filter(Pods::active)
                        .map(pod -> pod.annotation("batch.kubernetes.io/job-completion-index"))
                        .toList())
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .hasSizeLessThanOrEqualTo(3));
        for (int i = 0; i < 20_000 && reason(world, "Complete").isEmpty(); i++) world.step();
        world.settle("seed " + seed);
        assertThat(job(world).status().completedIndexes()).isEqualTo("0-6");
        assertThat(job(world).status().succeeded()).isEqualTo(7);
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
        assertThat(job(world).status().failed()).isBetween(3, 4);
    }

    @Test
    void anIndexThatFailsTooOftenDoesNotHoldUpTheOthers() {
        var world = new World(2, new JobController()).withNode(JobControllerTest::failIndexOne);
        world.create(
                Resources.JOBS,
                job(
                        "completions: 4\nparallelism: 4\ncompletionMode: Indexed\nbackoffLimitPerIndex: 1\nbackoffLimit: 2147483647"));
        for (int i = 0; i < 5000; i++) world.step();
        world.settle("some failed");
        assertThat(reason(world, "Failed")).isEqualTo("FailedIndexes");
        assertThat(job(world).status().completedIndexes()).isEqualTo("0,2,3");
        assertThat(job(world).status().failedIndexes()).isEqualTo("1");
        assertThat(ended(world, PodPhase.FAILED)).hasSize(2);
    }

    private static void failIndexOne(World world) {
        for (var pod : world.all(Resources.PODS)) {
            if (Pods.ended(pod)) continue;
            var index = pod.annotation("batch.kubernetes.io/job-completion-index");
            world.end(pod, index.equals("1") ? PodPhase.FAILED : PodPhase.SUCCEEDED);
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
        assertThat(condition(world, "Failed").orElseThrow().message())
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
        suspend(world, true);
        world.settle("suspended");
        assertThat(active(world)).isZero();
        assertThat(reason(world, "Suspended")).isEqualTo("JobSuspended");
        assertThat(job(world).status().failed()).isZero();
        suspend(world, false);
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
        world.delete(Resources.JOBS, job(world));
        world.settle("gone");
        assertThat(world.all(Resources.PODS)).isEmpty();
    }

    @Test
    void podsThatCannotBeMadeHoldUpNoCounting() {
        var world = world(8, "completions: 4\nparallelism: 2\nbackoffLimit: 6");
        world.settle("running");
        for (var pod : world.all(Resources.PODS)) world.end(pod, PodPhase.SUCCEEDED);
        world.refused.add(Resources.PODS);
        for (int i = 0; i < 300; i++) world.step();
        assertThat(job(world).status().succeeded()).isEqualTo(2);
        assertThat(active(world)).isZero();
        world.refused.clear();
        world.settle("again");
        assertThat(active(world)).isEqualTo(2);
    }

    private static final Instant LATER = Instant.parse("2026-01-01T01:00:00Z");

    private static Pod pod(int index, String more, String status) {
        return Pod.of(View.of(Yaml.parse("""
                metadata:
                  name: j-%d
                  namespace: ns
                  uid: pod-%d
                  labels: {app: j}
                  creationTimestamp: "2026-01-01T00:00:00Z"
                  annotations: {batch.kubernetes.io/job-completion-index: "%d"}
                  finalizers: [batch.kubernetes.io/job-tracking]
                  ownerReferences: [{apiVersion: batch/v1, kind: Job, name: j, uid: job, controller: true}]%s
                spec: {nodeName: n}
                status: {%s}
                """.formatted(index, index, index, more, status))));
    }

    private static List<Action> decide(String spec, Pod... pods) {
        var job = Job.of(View.of(Yaml.parse("""
                metadata: {name: j, namespace: ns, uid: job}
                spec: {selector: {matchLabels: {app: j}}, backoffLimit: 6, template: {spec: {restartPolicy: Never}}, %s}
                status: {startTime: "2026-01-01T00:00:00Z"}
                """.formatted(spec))));
        return new JobController()
                .decide(new JobController.Seen(job, List.of(pods), List.of()), LATER)
                .actions();
    }

    private static Job written(List<Action> actions) {
        return actions.stream()
                .filter(Action.Update.class::isInstance)
                .map(action -> Job.of(View.of(((Action.Update) action).object())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void podsThatSuccessOfOthersEndsHaveNotFailed() {
        var actions = decide(
                "completions: 2, parallelism: 2, completionMode: Indexed, successPolicy: {rules: [{succeededIndexes: '0'}]}",
                pod(0, "", "phase: Succeeded"),
                pod(1, "", "phase: Running"));
        var status = written(actions).status();
        assertThat(status.completedIndexes()).isEqualTo("0");
        assertThat(status.uncountedTerminatedPods().failed()).isEmpty();
        assertThat(actions).filteredOn(Action.Patch.class::isInstance).hasSize(2);
        // Released before it is deleted: a pod that goes and is still tracked counts as failed.
        assertThat(actions).last().isInstanceOf(Action.Delete.class);
    }

    @Test
    void aPodThatIsDeletedHasFailedWhenThatWasAskedFor() {
        var deleting = "\n  deletionTimestamp: '2026-01-01T01:00:15Z'\n  deletionGracePeriodSeconds: 30";
        var decision = decide("completions: 1, parallelism: 1", pod(0, deleting, "phase: Running"));
        // Fifteen seconds ago: the ten that a replacement waits are over.
        assertThat(decision).anyMatch(Action.Create.class::isInstance);
    }
}
