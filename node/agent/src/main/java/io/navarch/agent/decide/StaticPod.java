package io.navarch.agent.decide;

import io.navarch.kinds.pod.PodManifest;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodStatus;
import io.navarch.objects.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// A pod that the node runs by itself, because a file on it says so, and what the API shows of it: its mirror, a pod
/// that nobody runs.
///
/// Source: https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/
public final class StaticPod {
    /// The API gives its pods uids of another form: no annotation makes one of them static.
    private static final Pattern UID = Pattern.compile("[0-9a-f]{32}");

    private StaticPod() {}

    /// Whether only a pod that a node runs by itself has such a uid.
    public static boolean isUid(String uid) {
        return UID.matcher(uid).matches();
    }

    public static boolean is(Pod pod) {
        return isUid(pod.uid()) && pod.uid().equals(pod.metadata().annotations().get(PodManifest.HASH));
    }

    /// Whether it only shows what a node runs by itself.
    public static boolean isMirror(Pod pod) {
        return pod.metadata().annotations().containsKey(Pods.MIRROR);
    }

    static boolean mirrors(Pod mirror, Pod pod) {
        return pod.uid().equals(mirror.metadata().annotations().get(Pods.MIRROR));
    }

    /// The next thing to do for a mirror.
    public sealed interface Step {
        /// All is as it should be, or becomes so without anything being done.
        record Wait() implements Step {}

        record Create() implements Step {}

        record Delete(Pod mirror) implements Step {}

        /// The mirror shows another status.
        ///
        /// @param status that it is to show
        record Report(Pod mirror, PodStatus status) implements Step {}

        /// The mirror knows more of a pod than this agent, which has found it running.
        record Adopt(PodStatus status) implements Step {}
    }

    /// @param pod that the node runs, absent for none
    /// @param shown what the API has of its name, absent for nothing
    public static Step next(Pod pod, Pod shown) {
        boolean mirror = shown.exists() && isMirror(shown);
        if (!pod.exists()) return mirror ? new Step.Delete(shown) : new Step.Wait();
        // Until it has ended, others see the one that ends.
        if (!pod.deleting()) {
            if (!shown.exists()) return new Step.Create();
            if (mirror && (shown.deleting() || !mirrors(shown, pod))) return new Step.Delete(shown);
        }
        if (!mirror || shown.deleting() || !mirrors(shown, pod)) return new Step.Wait();
        if (older(shown.status(), pod.status())) return new Step.Adopt(shown.status());
        // Before it has been looked at, less is known of it than what is shown.
        if (!pod.status().hasStartTime()) return new Step.Wait();
        var status = merged(pod.status(), shown.status());
        boolean same =
                Trees.semanticEquals(status.view().map(), shown.status().view().map());
        return same ? new Step.Wait() : new Step.Report(shown, status);
    }

    /// Whether what is shown tells of an earlier start: an agent before this one has told it. One whose containers have
    /// never run is begun anew.
    private static boolean older(PodStatus shown, PodStatus own) {
        if (!shown.hasStartTime() || shown.containerStatuses().isEmpty()) return false;
        return own.startTime().isEmpty()
                || shown.startTime().orElseThrow().isBefore(own.startTime().get());
    }

    /// What others have written stays.
    private static PodStatus merged(PodStatus own, PodStatus shown) {
        var conditions = new ArrayList<PodCondition>(own.conditions());
        for (var other : shown.conditions())
            if (conditions.stream().noneMatch(each -> each.type().equals(other.type()))) conditions.add(other);
        return own.toBuilder().conditions(conditions).build();
    }

    /// The mirror of a pod, as the API is asked to make it.
    public static Map<String, Object> mirrorOf(Pod pod, Node node) {
        var annotations = new HashMap<>(pod.metadata().annotations());
        annotations.put(Pods.MIRROR, pod.uid());
        return Pod.builder()
                .metadata(meta -> {
                    meta.name(pod.name())
                            .namespace(pod.namespace())
                            .annotations(annotations)
                            .addOwnerReferences(owner -> owner.apiVersion("v1")
                                    .kind("Node")
                                    .name(node.name())
                                    .uid(node.uid())
                                    .controller(true));
                    if (!pod.metadata().labels().isEmpty())
                        meta.labels(pod.metadata().labels());
                })
                .spec(pod.spec())
                .map();
    }
}
