package io.navarch.controllers.job;

import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.EventTemplate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/// What a Job asks of its pods, and how it makes them.
final class JobPods {
    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    private static final String INDEX = "batch.kubernetes.io/job-completion-index";
    private static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";

    private JobPods() {}

    /// Whether the pod still waits to be counted.
    static boolean tracked(View pod) {
        return pod.metadata().get("finalizers").strings().contains(FINALIZER);
    }

    static Action untrack(View pod) {
        var rest = new ArrayList<Object>(pod.metadata().get("finalizers").list());
        rest.remove(FINALIZER);
        return Action.Patch.ofMetadata(Resources.PODS.untyped(), pod, "finalizers", rest);
    }

    static boolean indexed(View job) {
        return job.spec().get("completionMode").string().equals("Indexed");
    }

    /// Whether a pod is only replaced once it has failed, not when it begins to go.
    static boolean replacedWhenFailed(View job) {
        return job.spec().get("podReplacementPolicy").string().equals("Failed");
    }

    /// A pod that is going counts as failed, unless it is only replaced when it has.
    static boolean failed(View job, View pod) {
        if (Pods.failed(pod)) return true;
        return !replacedWhenFailed(job) && pod.deleting() && !Pods.succeeded(pod);
    }

    /// The completion index of a pod, -1 for none.
    static int index(View pod) {
        return number(pod.annotation(INDEX), -1);
    }

    /// How often the index of this pod had failed before it.
    static int failures(View pod) {
        return number(pod.annotation(FAILURES), 0);
    }

    private static int number(String text, int fallback) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : fallback;
    }

    static Instant finishedAt(View pod) {
        return Pods.finishedAt(pod)
                .or(() -> Optional.ofNullable(
                        Timestamps.parse(pod.metadata().get("deletionTimestamp").string())))
                .orElse(Pods.created(pod));
    }

    /// @param index the completion index, -1 for none
    /// @param failures how often that index has failed, -1 when that is not counted
    static Action create(View job, int index, int failures) {
        var pod = Pods.fromTemplate(job.spec().get("template"), job, Resources.JOBS.untyped());
        var metadata = Trees.child(pod, "metadata");
        Trees.childList(metadata, "finalizers").add(FINALIZER);
        if (index >= 0) {
            var number = String.valueOf(index);
            metadata.put("generateName", job.name() + "-" + index + "-");
            Trees.put(pod, number, "metadata", "annotations", INDEX);
            Trees.put(pod, number, "metadata", "labels", INDEX);
            if (failures >= 0) Trees.put(pod, String.valueOf(failures), "metadata", "annotations", FAILURES);
            Trees.put(pod, job.name() + "-" + index, "spec", "hostname");
            for (var list : new String[] {"containers", "initContainers"})
                for (var container : View.of(pod).spec().get(list).views()) tellIndex(container.map());
        }
        return new Action.Create(
                Resources.PODS.untyped(), pod, JobMetrics.creation(job, EventTemplate.created(job, "pod")));
    }

    private static void tellIndex(Map<String, Object> container) {
        var environment = Trees.childList(container, "env");
        if (View.of(environment).find("name", "JOB_COMPLETION_INDEX").exists()) return;
        environment.add(Trees.map(
                "name",
                "JOB_COMPLETION_INDEX",
                "valueFrom",
                Trees.map("fieldRef", Trees.map("fieldPath", "metadata.labels['" + INDEX + "']"))));
    }

    static Action delete(View job, View pod) {
        return new Action.Delete(
                Resources.PODS.untyped(), pod.key(), pod.uid(), EventTemplate.deleted(job, "pod", pod.name()));
    }
}
