package io.navarch.controllers.job;

import io.navarch.controllers.PodTemplates;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.CompletionMode;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Container;
import io.navarch.model.Job;
import io.navarch.model.Pod;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodReplacementPolicy;
import io.navarch.model.Resources;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.EventTemplate;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// What a Job's pods mean to it, and how they are created, released and deleted.
final class JobPods {
    /// Kept on a pod until it is counted.
    static final String FINALIZER = "batch.kubernetes.io/job-tracking";

    private static final String INDEX = "batch.kubernetes.io/job-completion-index";
    private static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";
    private static final String INDEX_VARIABLE = "JOB_COMPLETION_INDEX";

    private JobPods() {}

    /// Whether the pod still waits to be counted.
    static boolean tracked(Pod pod) {
        return pod.metadata().finalizers().contains(FINALIZER);
    }

    static Action untrack(Pod pod) {
        var rest = pod.metadata().finalizers().stream()
                .filter(finalizer -> !finalizer.equals(FINALIZER))
                .toList();
        return Action.Patch.ofMetadata(Resources.PODS, pod, metadata -> metadata.finalizers(rest));
    }

    static boolean indexed(Job job) {
        return job.spec().completionMode() == CompletionMode.INDEXED;
    }

    /// Whether a pod is only replaced once it has failed, not as soon as it terminates.
    static boolean replacedWhenFailed(Job job) {
        return job.spec().podReplacementPolicy() == PodReplacementPolicy.FAILED;
    }

    /// A terminating pod counts as failed, unless pods are only replaced once they have.
    static boolean failed(Job job, Pod pod) {
        if (Pods.failed(pod)) return true;
        return pod.deleting() && !replacedWhenFailed(job) && !Pods.succeeded(pod);
    }

    /// The completion index of a pod, -1 for none.
    static int index(Pod pod) {
        return number(pod.annotation(INDEX), -1);
    }

    /// How often the index of this pod had failed before it.
    static int failures(Pod pod) {
        return number(pod.annotation(FAILURES), 0);
    }

    private static int number(String text, int fallback) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : fallback;
    }

    /// When a pod came to its end: when its last container did, or else when it was no longer ready, or when its
    /// deletion was asked for.
    static Instant finishedAt(Pod pod) {
        boolean runs = pod.status().containerStatuses().stream()
                .anyMatch(status -> status.state().terminated().finishedAt().isEmpty());
        var ended = runs ? Optional.<Instant>empty() : Pods.finishedAt(pod);
        return ended.or(() -> unready(pod)).or(() -> deleted(pod)).orElseGet(pod::created);
    }

    private static Optional<Instant> unready(Pod pod) {
        var ready = Pods.condition(pod, PodConditionType.READY);
        return ready.status() == ConditionStatus.FALSE ? ready.lastTransitionTime() : Optional.empty();
    }

    private static Optional<Instant> deleted(Pod pod) {
        var metadata = pod.metadata();
        return metadata.deletionTimestamp().map(at -> at.minusSeconds(metadata.deletionGracePeriodSecondsOr(0)));
    }

    static Action create(Job job, EventTemplate event) {
        return new Action.Create(Resources.PODS, pod(job).build(), event);
    }

    /// @param failures how often the index has failed, empty when that is not counted
    static Action create(Job job, int index, OptionalInt failures, EventTemplate event) {
        var number = String.valueOf(index);
        var name = job.name() + "-" + index;
        var pod = pod(job).metadata(metadata -> {
                    metadata.generateName(name + "-")
                            .putAnnotations(INDEX, number)
                            .putLabels(INDEX, number);
                    failures.ifPresent(count -> metadata.putAnnotations(FAILURES, String.valueOf(count)));
                })
                .spec(spec -> {
                    spec.hostname(name);
                    spec.editContainers(JobPods::passIndex).editInitContainers(JobPods::passIndex);
                });
        return new Action.Create(Resources.PODS, pod.build(), event);
    }

    private static Pod.Builder pod(Job job) {
        return PodTemplates.pod(job.spec().template(), job, Resources.JOBS)
                .metadata(metadata -> metadata.addFinalizers(FINALIZER));
    }

    private static void passIndex(Container.Builder container) {
        boolean set = container.build().env().stream()
                .anyMatch(variable -> variable.name().equals(INDEX_VARIABLE));
        if (set) return;
        container.addEnv(variable -> variable.name(INDEX_VARIABLE)
                .valueFrom(source -> source.fieldRef(field -> field.fieldPath("metadata.labels['" + INDEX + "']"))));
    }

    static Action delete(Job job, Pod pod) {
        return new Action.Delete(Resources.PODS, pod.key(), pod.uid(), EventTemplate.deleted(job, "pod", pod.name()));
    }
}
