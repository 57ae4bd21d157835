package io.navarch.controllers.garbage;

import io.navarch.controllers.garbage.OwnerGraph.Node;
import io.navarch.model.AnyObject;
import io.navarch.model.OwnerReference;
import io.navarch.objects.Finalizers;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import io.navarch.reconcile.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What to do with an object, given what has become of its owners and its dependents.
///
/// Source: https://kubernetes.io/docs/concepts/architecture/garbage-collection/
final class GarbageDecision {

    private GarbageDecision() {}

    enum OwnerState {
        /// It is there, or nobody can say that it is not.
        SOLID,
        /// It is being deleted in the foreground, and waits for its dependents.
        WAITING,
        GONE,
        /// It is in another namespace, which counts as gone.
        ELSEWHERE
    }

    record Owner(OwnerReference reference, OwnerState state) {}

    /// An object that is not being deleted.
    ///
    /// @param hasDependents whether anything depends on it
    /// @param circle whether an owner waits for it, while one of its dependents waits for its own dependents
    record Dependent(Node node, AnyObject object, List<Owner> owners, boolean hasDependents, boolean circle) {
        private boolean any(OwnerState state) {
            return owners.stream().anyMatch(owner -> owner.state == state);
        }
    }

    /// Another object that depends on one that is being deleted.
    record Held(Node node, AnyObject object) {
        private boolean blocks(String owner) {
            return object.metadata().ownerReferences().stream()
                    .anyMatch(reference -> reference.uid().equals(owner) && reference.blockOwnerDeletion());
        }
    }

    private enum Propagation {
        ORPHAN("Orphan"),
        FOREGROUND("Foreground"),
        BACKGROUND("Background");

        private final String text;

        Propagation(String text) {
            this.text = text;
        }
    }

    /// A reference to an owner in another namespace; whoever wrote it should know that it has no effect.
    record OtherNamespace(OwnerReference owner, String namespace) implements Reason {
        @Override
        public String reason() {
            return "OwnerRefInvalidNamespace";
        }

        @Override
        public String message() {
            return "ownerRef [" + owner.apiVersion() + "/" + owner.kind() + ", namespace: " + namespace + ", name: "
                    + owner.name() + ", uid: " + owner.uid() + "] does not exist in namespace \"" + namespace + "\"";
        }
    }

    static Decision decide(Dependent seen) {
        boolean waited = seen.any(OwnerState.WAITING);
        boolean lost = seen.any(OwnerState.GONE) || seen.any(OwnerState.ELSEWHERE);
        if (!lost && !waited) return Decision.NOTHING;
        var decision = Decision.builder().change(collect(seen, waited));
        for (var owner : seen.owners) {
            if (owner.state != OwnerState.ELSEWHERE) continue;
            var reason = new OtherNamespace(owner.reference, seen.object.namespace());
            decision.event(Action.RecordEvent.warning(seen.object, reason));
        }
        return decision.build();
    }

    private static Action collect(Dependent seen, boolean waited) {
        var solid = seen.owners.stream()
                .filter(owner -> owner.state == OwnerState.SOLID)
                .map(Owner::reference)
                .toList();
        if (!solid.isEmpty()) return owners(seen.node, seen.object, solid);
        if (!waited || !seen.hasDependents) return delete(seen.node, ownPropagation(seen.object));
        // Two that wait for each other would wait forever: this one no longer holds its owner back.
        var references = seen.object.metadata().ownerReferences();
        boolean blocks = references.stream().anyMatch(OwnerReference::blockOwnerDeletion);
        return seen.circle && blocks
                ? owners(seen.node, seen.object, unblocked(references))
                : delete(seen.node, Propagation.FOREGROUND);
    }

    private static Propagation ownPropagation(AnyObject object) {
        var finalizers = object.metadata().finalizers();
        if (finalizers.contains(Finalizers.ORPHAN)) return Propagation.ORPHAN;
        return finalizers.contains(Finalizers.FOREGROUND) ? Propagation.FOREGROUND : Propagation.BACKGROUND;
    }

    private static List<OwnerReference> unblocked(List<OwnerReference> owners) {
        return owners.stream()
                .map(owner -> owner.toBuilder().blockOwnerDeletion(false).build())
                .toList();
    }

    /// What an object that is being deleted needs before it can go.
    ///
    /// @param decision what to do at once
    /// @param visits dependents that must be deleted first
    record Finalization(Decision decision, List<Node> visits) {}

    static Finalization decide(Node node, AnyObject object, List<Held> dependents) {
        var finalizers = object.metadata().finalizers();
        if (finalizers.contains(Finalizers.ORPHAN))
            return new Finalization(orphan(node, object, dependents), List.of());
        if (!finalizers.contains(Finalizers.FOREGROUND)) return new Finalization(Decision.NOTHING, List.of());
        boolean blocked = dependents.stream().anyMatch(dependent -> dependent.blocks(node.uid()));
        var living = dependents.stream()
                .filter(dependent -> !dependent.object.deleting())
                .map(Held::node)
                .toList();
        // Each of them brings this one back when it goes.
        var decision = blocked ? Decision.NOTHING : Decision.of(without(node, object, Finalizers.FOREGROUND));
        return new Finalization(decision, living);
    }

    private static Decision orphan(Node node, AnyObject object, List<Held> dependents) {
        var decision = Decision.builder();
        for (var dependent : dependents) {
            var others = dependent.object.metadata().ownerReferences().stream()
                    .filter(owner -> !owner.uid().equals(node.uid()))
                    .toList();
            decision.change(owners(dependent.node, dependent.object, others));
        }
        return decision.change(without(node, object, Finalizers.ORPHAN)).build();
    }

    static boolean waits(AnyObject object) {
        return object.deleting() && object.metadata().finalizers().contains(Finalizers.FOREGROUND);
    }

    private static Action without(Node node, AnyObject object, String finalizer) {
        var rest = new ArrayList<>(object.metadata().finalizers());
        rest.remove(finalizer);
        return Action.Patch.ofMetadata(node.type(), object, metadata -> metadata.finalizers(rest));
    }

    private static Action owners(Node node, AnyObject object, List<OwnerReference> owners) {
        return Action.Patch.ofMetadata(node.type(), object, metadata -> metadata.ownerReferences(owners));
    }

    private static Action delete(Node node, Propagation propagation) {
        return new Action.Delete(
                node.type(), node.key(), node.uid(), Optional.empty(), propagation.text, EventTemplate.NONE);
    }
}
