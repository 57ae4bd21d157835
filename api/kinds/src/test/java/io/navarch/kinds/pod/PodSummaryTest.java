package io.navarch.kinds.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PodSummaryTest {
    private static PodSummary summary(String statuses) {
        return PodSummary.of(Pod.of(View.of(Yaml.parse("""
                {metadata: {name: p}, spec: {
                  initContainers: [{name: first}, {name: side, restartPolicy: Always}],
                  containers: [{name: a}, {name: b}]},
                status: {phase: Pending, %s}}""".formatted(statuses)))));
    }

    @Test
    void anInitContainerThatCrashesCounts() {
        var summary = summary("""
                initContainerStatuses: [
                  {name: first, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}},
                    lastState: {terminated: {exitCode: 1, finishedAt: "2026-01-01T00:00:00Z"}}},
                  {name: side, restartCount: 0, state: {waiting: {reason: PodInitializing}}}]""");
        assertThat(summary.reason()).isEqualTo("Init:CrashLoopBackOff");
        assertThat(summary.restarts()).isEqualTo(4);
        assertThat(summary.lastRestart()).contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(summary.ready() + "/" + summary.total()).isEqualTo("0/3");
    }

    @Test
    void onceAllRunTheSidecarsAndTheOthersCount() {
        var summary = summary("""
                conditions: [{type: Initialized, status: 'True'}, {type: Ready, status: 'True'}],
                initContainerStatuses: [
                  {name: first, restartCount: 4, state: {terminated: {exitCode: 0}}},
                  {name: side, restartCount: 2, started: true, ready: true, state: {running: {}}}],
                containerStatuses: [
                  {name: a, restartCount: 1, ready: true, state: {running: {}}},
                  {name: b, restartCount: 0, ready: false, state: {terminated: {reason: Completed, exitCode: 0}}}]""");
        assertThat(summary.restarts()).isEqualTo(3);
        assertThat(summary.ready() + "/" + summary.total()).isEqualTo("2/3");
        assertThat(summary.reason()).isEqualTo("Running");
    }

    @Test
    void aFailureIsToldBesideWhatCompleted() {
        var summary = summary("""
                conditions: [{type: Initialized, status: 'True'}],
                initContainerStatuses: [
                  {name: first, state: {terminated: {exitCode: 0}}},
                  {name: side, started: true, ready: true, state: {running: {}}}],
                containerStatuses: [
                  {name: a, state: {terminated: {reason: Completed, exitCode: 0}}},
                  {name: b, state: {terminated: {reason: Error, exitCode: 3}}}]""");
        assertThat(summary.reason()).isEqualTo("Error");
    }
}
