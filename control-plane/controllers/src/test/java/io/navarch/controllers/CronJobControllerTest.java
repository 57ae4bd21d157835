package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.cronjob.CronJobController;
import io.navarch.kinds.job.Jobs;
import io.navarch.model.ConditionStatus;
import io.navarch.model.CronJob;
import io.navarch.model.Job;
import io.navarch.model.JobConditionType;
import io.navarch.model.JobStatus;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CronJobControllerTest {
    private static World world(long seed, String spec) {
        var world = new World(seed, new CronJobController());
        world.create(Resources.CRON_JOBS, CronJob.of(View.of(Yaml.parse("""
                metadata: {name: c, namespace: ns}
                spec:
                  schedule: "* * * * *"
                  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}
                """ + spec.indent(2)))));
        return world;
    }

    private static List<Job> jobs(World world) {
        return world.all(Resources.JOBS);
    }

    private static List<Job> running(World world) {
        return jobs(world).stream()
                .filter(job -> !Jobs.complete(job) && !job.deleting())
                .toList();
    }

    private static void complete(World world, Job job) {
        var status = JobStatus.builder()
                .startTime(world.now)
                .completionTime(world.now)
                .addConditions(
                        condition -> condition.type(JobConditionType.COMPLETE).status(ConditionStatus.TRUE));
        world.changeStatus(Resources.JOBS, job, status.build());
    }

    @Test
    @DisplayName("[sig-apps] CronJob should replace jobs when ReplaceConcurrent")
    void replaces() {
        var world = world(1, "concurrencyPolicy: Replace");
        for (int i = 0; i < 1500; i++) {
            world.step();
            assertThat(running(world).size()).isLessThanOrEqualTo(1);
        }
        assertThat(world.events)
                .filteredOn(event -> event.startsWith("SuccessfulDelete: Deleted job c-"))
                .hasSizeGreaterThan(3);
    }

    @Test
    @DisplayName("[sig-apps] CronJob should not schedule new jobs when ForbidConcurrent [Slow]")
    void forbids() {
        var world = world(2, "concurrencyPolicy: Forbid");
        for (int i = 0; i < 800; i++) world.step();
        assertThat(jobs(world)).hasSize(1);
        assertThat(world.events)
                .contains(
                        "JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid");
        complete(world, jobs(world).getFirst());
        for (int i = 0; i < 400; i++) world.step();
        assertThat(jobs(world)).hasSize(2);
    }

    /// Each minute once, whatever fails and however often the controller starts anew.
    @Test
    void everyTimeIsServedOnce() {
        var world = world(3, "successfulJobsHistoryLimit: 2");
        world.failures = 0.2;
        var made = new HashSet<String>();
        world.always(now -> {
            var change = now.log.getLast();
            if (change.type().equals(Resources.JOBS) && !change.old().exists())
                assertThat(made.add(change.now().name()))
                        .as(change.now().name())
                        .isTrue();
        });
        var start = world.now;
        for (int i = 0; i < 3000; i++) {
            world.step();
            for (var job : running(world)) {
                if (world.random.nextInt(30) == 0) complete(world, job);
            }
        }
        long minutes = Duration.between(start, world.now).toMinutes();
        assertThat(made.size()).isBetween((int) (minutes * 0.8), (int) minutes + 1);
        world.failures = 0;
        for (int i = 0; i < 100; i++) {
            world.step();
            for (var job : running(world)) complete(world, job);
        }
        assertThat(jobs(world).size()).isLessThanOrEqualTo(4);
    }

    @Test
    void aClockThatJumpsMakesUpForOneTimeOnly() {
        var world = world(4, "concurrencyPolicy: Allow");
        for (int i = 0; i < 200; i++) world.step();
        int before = jobs(world).size();
        world.pass(Duration.ofDays(3));
        for (int i = 0; i < 40; i++) world.step();
        assertThat(jobs(world).size()).isBetween(before + 1, before + 3);
        assertThat(world.events)
                .anyMatch(event -> event.startsWith("TooManyMissedTimes: too many missed start times."));
        // And backwards: what has been served is not served again.
        int then = jobs(world).size();
        world.pass(Duration.ofDays(-3));
        for (int i = 0; i < 100; i++) world.step();
        assertThat(jobs(world)).hasSize(then);
    }

    @Test
    void aTimeThatIsTooLongAgoIsMissed() {
        var world = world(5, "startingDeadlineSeconds: 20");
        for (int i = 0; i < 100; i++) world.step();
        int before = jobs(world).size();
        world.pass(Duration.ofHours(1));
        for (int i = 0; i < 60; i++) world.step();
        assertThat(jobs(world).size()).isBetween(before, before + 2);
    }
}
