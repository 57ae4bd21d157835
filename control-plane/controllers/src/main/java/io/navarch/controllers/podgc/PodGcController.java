package io.navarch.controllers.podgc;

import io.navarch.client.Informers;
import io.navarch.client.ResourceType;
import io.navarch.controllers.Pods;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Removes pods of nodes that are gone, pods that were deleted before they had a node, and ended pods beyond a limit.
public final class PodGcController implements Controller<PodGcController.Seen> {
    /// kube-controller-manager's `--terminated-pod-gc-threshold`.
    private static final int MOST_ENDED = 12_500;

    private static final ObjectKey ALL = new ObjectKey("", "all");

    public record Seen(Collection<View> pods, Collection<View> nodes) {}

    @Override
    public String name() {
        return "pod-garbage-collector";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(ResourceType.NODES, node -> List.of(ALL)),
                new Input(ResourceType.PODS, pod -> pod.deleting() ? List.of(ALL) : List.of()));
    }

    @Override
    public Seen observe(Informers caches, ObjectKey key) {
        return new Seen(
                caches.of(ResourceType.PODS).all(),
                caches.of(ResourceType.NODES).all());
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        var names = seen.nodes.stream().map(View::name).toList();
        boolean young = false;
        for (var pod : seen.pods) {
            var node = pod.spec().get("nodeName").string();
            boolean orphan = !node.isEmpty() && !names.contains(node);
            if (orphan) {
                // A node that is just being made may come a moment after its pods.
                var created =
                        Timestamps.parse(pod.metadata().get("creationTimestamp").string());
                boolean old = created == null || created.plusSeconds(40).isBefore(now);
                young |= !old;
                orphan = old;
            }
            if (orphan || node.isEmpty() && pod.deleting())
                actions.add(new Action.Delete(ResourceType.PODS, pod.key(), pod.uid(), 0L, ""));
        }
        var ended = seen.pods.stream()
                .filter(Pods::ended)
                .sorted(Comparator.comparing(
                        pod -> pod.metadata().get("creationTimestamp").string()))
                .toList();
        for (int i = 0; i < ended.size() - MOST_ENDED; i++)
            actions.add(new Action.Delete(
                    ResourceType.PODS, ended.get(i).key(), ended.get(i).uid(), 0L, ""));
        return new Decision(actions, young ? Duration.ofSeconds(20) : null);
    }
}
