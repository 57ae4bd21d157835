package io.navarch.controllers.node;

import io.navarch.client.Caches;
import io.navarch.model.Node;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Tells nodes for how many seconds they may rely on Secrets and ConfigMaps that they have read: the longer, the more
/// nodes there are.
///
/// Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#node-alpha-kubernetes-io-ttl
public final class NodeTtlController implements Controller<NodeTtlController.Seen> {
    static final String ANNOTATION = "node.alpha.kubernetes.io/ttl";

    /// Everything has one key in this index, which only counts.
    private static final String ALL = "all";

    public record Seen(Node node, int nodes) {}

    /// Sizes overlap, so that a cluster near a limit does not change its mind with each node.
    private record Step(int least, int most, String seconds) {
        boolean fits(int nodes) {
            return nodes >= least && nodes <= most;
        }
    }

    private static final List<Step> STEPS = List.of(
            new Step(0, 100, "0"),
            new Step(90, 500, "15"),
            new Step(450, 1000, "30"),
            new Step(900, 2000, "60"),
            new Step(1800, Integer.MAX_VALUE, "300"));

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("ttl-controller")
                .queue("ttlcontroller")
                .watches(Resources.NODES, Controller::self)
                .may("", "nodes", "update,patch")
                .build();
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.NODES).indexedBy(ALL, node -> List.of(ALL));
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var nodes = caches.of(Resources.NODES);
        var node = nodes.get(key);
        return node.exists() ? Optional.of(new Seen(node, nodes.count(ALL, ALL))) : Optional.empty();
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var decision = Decision.builder();
        var known = seen.node.metadata().annotations().getOrDefault(ANNOTATION, "");
        var fitting = STEPS.stream().filter(step -> step.fits(seen.nodes)).toList();
        if (fitting.stream().anyMatch(step -> step.seconds.equals(known))) return decision.build();
        var annotated = Node.builder()
                .metadata(metadata -> metadata.putAnnotations(ANNOTATION, fitting.getFirst().seconds))
                .build();
        return decision.change(Action.Patch.of(Resources.NODES, seen.node, annotated))
                .build();
    }
}
