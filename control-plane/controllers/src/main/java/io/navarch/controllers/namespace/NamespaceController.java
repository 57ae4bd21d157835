package io.navarch.controllers.namespace;

import io.navarch.client.Caches;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Namespace;
import io.navarch.model.NamespaceCondition;
import io.navarch.model.NamespaceConditionType;
import io.navarch.model.NamespaceStatus;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Empties a namespace that is being deleted, reports in its conditions what remains, and lets it go when nothing does.
///
/// The contents come from a read step, which lists whatever discovery names: custom resources need no mention.
public final class NamespaceController implements Controller<NamespaceController.Seen> {
    private static final String FINALIZER = "kubernetes";

    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration SELDOM = Duration.ofSeconds(15);

    /// @param contents of each resource that has any, pods before all others; empty while they have not been read
    /// @param undiscovered each `group/version` whose server does not say now what it has
    /// @param unread why the objects of a resource are not known
    public record Seen(
            Namespace namespace, Optional<List<Contents>> contents, List<String> undiscovered, List<String> unread) {
        public Seen(Namespace namespace, Optional<List<Contents>> contents) {
            this(namespace, contents, List.of(), List.of());
        }

        /// Whether nothing remains, as far as anybody can tell.
        private boolean done() {
            return contents.filter(List::isEmpty).isPresent() && undiscovered.isEmpty() && unread.isEmpty();
        }
    }

    private static final Reason DISCOVERED = Reason.of("ResourcesDiscovered", "All resources successfully discovered");
    private static final Reason PARSED = Reason.of("ParsedGroupVersions", "All legacy kube types successfully parsed");
    private static final Reason DELETED =
            Reason.of("ContentDeleted", "All content successfully deleted, may be waiting on finalization");
    private static final Reason REMOVED = Reason.of("ContentRemoved", "All content successfully removed");
    private static final Reason FINALIZED =
            Reason.of("ContentHasNoFinalizers", "All content-preserving finalizers finished");

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("namespace-controller")
                .queue("namespace")
                .watches(Resources.NAMESPACES, namespace -> namespace.deleting() ? List.of(namespace.key()) : List.of())
                .may("", "namespaces", "delete")
                .may("", "namespaces/finalize,namespaces/status", "update,patch")
                .may("*", "*", "delete,deletecollection,get,list")
                .build();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        return Optional.of(caches.of(Resources.NAMESPACES).get(key))
                .filter(Namespace::deleting)
                .map(namespace -> new Seen(namespace, Optional.empty()));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        if (seen.contents.isEmpty()) return Decision.NOTHING;
        return seen.done() ? finalized(seen.namespace) : emptied(seen, seen.contents.get(), now);
    }

    private static Decision finalized(Namespace namespace) {
        var finalizers = new ArrayList<>(namespace.spec().finalizers());
        if (!finalizers.remove(FINALIZER)) return Decision.NOTHING;
        var released = namespace.toBuilder()
                .metadata(metadata -> metadata.clearResourceVersion())
                .spec(spec -> spec.finalizers(finalizers))
                .build();
        return Decision.of(new Action.Update(Resources.NAMESPACES, released, "finalize"));
    }

    /// What lives is deleted; what has been deleted is waited for.
    private static Decision emptied(Seen seen, List<Contents> contents, Instant now) {
        var namespace = seen.namespace;
        var remaining = Remaining.resources(contents);
        var finalizers = Remaining.finalizers(contents);
        var decision = Decision.builder();
        if (!contents.isEmpty()) decision.waitingOn(remaining);
        if (!seen.undiscovered.isEmpty()) decision.waitingOn(Remaining.undiscovered(seen.undiscovered));
        if (!seen.unread.isEmpty()) decision.waitingOn(Remaining.unread(seen.unread));
        if (!finalizers.instances().isEmpty()) decision.waitingOn(finalizers);
        var deletions = contents.stream()
                .filter(each -> each.living() > 0)
                .map(each -> new Action.DeleteCollection(each.type(), namespace.name()))
                .toList();
        if (!deletions.isEmpty())
            return decision.changes(deletions).requeueAfter(Duration.ZERO).build();
        var status = NamespaceStatus.builder()
                .conditions(conditions(seen, remaining, finalizers, now))
                .build();
        boolean same = status.raw(NamespaceStatus.CONDITIONS)
                .semanticEquals(namespace.status().raw(NamespaceStatus.CONDITIONS));
        if (!same) {
            var partial = Namespace.builder().status(status).build();
            decision.change(Action.Patch.ofStatus(Resources.NAMESPACES, namespace, partial));
        }
        return decision.requeueAfter(same ? later(namespace, now) : SOON).build();
    }

    /// What goes on is looked at again soon; what stands still the more seldom the longer it has taken already.
    private static Duration later(Namespace namespace, Instant now) {
        var deleted = namespace.metadata().deletionTimestamp().orElse(now);
        var wait = Duration.between(deleted, now).dividedBy(4);
        if (wait.compareTo(SOON) < 0) return SOON;
        return wait.compareTo(SELDOM) > 0 ? SELDOM : wait;
    }

    private static List<NamespaceCondition> conditions(
            Seen seen, Remaining.Resources remaining, Remaining.Finalizers finalizers, Instant now) {
        var namespace = seen.namespace;
        boolean undiscovered = !seen.undiscovered.isEmpty();
        boolean unread = !seen.unread.isEmpty();
        boolean filled = !remaining.instances().isEmpty();
        boolean held = !finalizers.instances().isEmpty();
        return List.of(
                condition(
                        namespace,
                        NamespaceConditionType.NAMESPACE_DELETION_DISCOVERY_FAILURE,
                        undiscovered,
                        undiscovered ? Remaining.undiscovered(seen.undiscovered) : DISCOVERED,
                        now),
                condition(
                        namespace,
                        NamespaceConditionType.NAMESPACE_DELETION_GROUP_VERSION_PARSING_FAILURE,
                        false,
                        PARSED,
                        now),
                condition(
                        namespace,
                        NamespaceConditionType.NAMESPACE_DELETION_CONTENT_FAILURE,
                        unread,
                        unread ? Remaining.unread(seen.unread) : DELETED,
                        now),
                condition(
                        namespace,
                        NamespaceConditionType.NAMESPACE_CONTENT_REMAINING,
                        filled,
                        filled ? remaining : REMOVED,
                        now),
                condition(
                        namespace,
                        NamespaceConditionType.NAMESPACE_FINALIZERS_REMAINING,
                        held,
                        held ? finalizers : FINALIZED,
                        now));
    }

    private static NamespaceCondition condition(
            Namespace namespace, String type, boolean status, Reason reason, Instant now) {
        return Conditions.of(
                namespace.status().conditions(),
                NamespaceCondition::of,
                type,
                status ? ConditionStatus.TRUE : ConditionStatus.FALSE,
                reason.reason(),
                reason.message(),
                now);
    }
}
