package io.navarch.controllers.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.garbage.GarbageDecision.Dependent;
import io.navarch.controllers.garbage.GarbageDecision.Owner;
import io.navarch.controllers.garbage.GarbageDecision.OwnerState;
import io.navarch.model.AnyObject;
import io.navarch.model.OwnerReference;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OwnerGraphTest {
    private static final AnyObject NONE = AnyObject.of(View.ABSENT);
    private static final ResourceType<AnyObject> TYPE = AnyObject.resource("", "v1", "configmaps", "ConfigMap", true);

    private static AnyObject object(String uid, String... owners) {
        var references = new ArrayList<Object>();
        for (var owner : owners) references.add(Trees.map("uid", owner, "name", owner, "blockOwnerDeletion", true));
        return AnyObject.of(View.of(Trees.map(
                "metadata",
                Trees.map("name", "n" + uid, "namespace", "ns", "uid", uid, "ownerReferences", references))));
    }

    /// Whatever comes, changes its owners and goes, in whatever order: the graph says what a list of all objects would,
    /// and is empty when all are gone.
    @Test
    void itKnowsWhatIsThereAndForgetsWhatIsNot() {
        var random = new Random(1);
        var graph = new OwnerGraph();
        var there = new HashMap<String, AnyObject>();
        for (int i = 0; i < 20_000; i++) {
            var uid = "u" + random.nextInt(60);
            var old = there.getOrDefault(uid, NONE);
            if (random.nextInt(3) == 0) {
                graph.changed(TYPE, old, NONE);
                there.remove(uid);
                continue;
            }
            var owners = new HashSet<String>();
            for (int k = random.nextInt(3); k > 0; k--) owners.add("u" + random.nextInt(60));
            var now = object(uid, owners.toArray(String[]::new));
            graph.changed(TYPE, old, now);
            there.put(uid, now);
            if (i % 500 != 0) continue;
            for (int k = 0; k < 60; k++) {
                var owner = "u" + k;
                assertThat(graph.dependents(owner).stream()
                                .map(OwnerGraph.Node::uid)
                                .collect(Collectors.toSet()))
                        .isEqualTo(there.values().stream()
                                .filter(each -> each.metadata().ownerReferences().stream()
                                        .anyMatch(reference -> reference.uid().equals(owner)))
                                .map(AnyObject::uid)
                                .collect(Collectors.toSet()));
            }
        }
        for (var object : List.copyOf(there.values())) graph.changed(TYPE, object, NONE);
        assertThat(graph.size()).isZero();
    }

    @Test
    void aMillionLifetimesLeaveNothing() {
        var graph = new OwnerGraph();
        var owner = object("owner");
        graph.changed(TYPE, NONE, owner);
        int before = graph.size();
        for (int i = 0; i < 1_000_000; i++) {
            var object = object("d" + i, "owner");
            graph.changed(TYPE, NONE, object);
            graph.changed(TYPE, object, NONE);
        }
        assertThat(graph.size()).isEqualTo(before);
    }

    @Test
    void dependentsAreLookedAtWhenTheirOwnerGoes() {
        var graph = new OwnerGraph();
        var owner = object("owner");
        graph.changed(TYPE, NONE, object("d", "owner"));
        graph.changed(TYPE, NONE, owner);
        assertThat(graph.changed(TYPE, owner, NONE))
                .extracting(OwnerGraph.Node::uid)
                .containsExactly("d");
    }

    private static Decision decided(AnyObject object, boolean hasDependents, boolean circle, OwnerState... states) {
        var owners = new ArrayList<Owner>();
        for (int i = 0; i < states.length; i++)
            owners.add(new Owner(object.metadata().ownerReferences().get(i), states[i]));
        var node = new OwnerGraph.Node(TYPE, object.key(), object.uid());
        return GarbageDecision.decide(new Dependent(node, object, owners, hasDependents, circle));
    }

    private static void deletes(Decision decision, String propagation) {
        assertThat(decision.actions()).singleElement().isInstanceOfSatisfying(Action.Delete.class, delete -> {
            assertThat(delete.propagation()).isEqualTo(propagation);
            assertThat(delete.uid()).isEqualTo("d");
        });
    }

    private static AnyObject patched(Decision decision) {
        assertThat(decision.actions()).singleElement().isInstanceOf(Action.Patch.class);
        return AnyObject.of(View.of(((Action.Patch) decision.actions().getFirst()).patch()));
    }

    @Test
    void whatBecomesOfADependent() {
        var one = object("d", "a");
        assertThat(decided(one, false, false, OwnerState.SOLID)).isEqualTo(Decision.NOTHING);
        deletes(decided(one, false, false, OwnerState.GONE), "Background");
        deletes(decided(one, true, false, OwnerState.WAITING), "Foreground");
        // Two that wait for each other: the circle is opened.
        assertThat(patched(decided(one, true, true, OwnerState.WAITING))
                        .metadata()
                        .ownerReferences()
                        .getFirst()
                        .blockOwnerDeletion())
                .isFalse();
        var two = object("d", "a", "b");
        assertThat(patched(decided(two, false, false, OwnerState.GONE, OwnerState.SOLID))
                        .metadata()
                        .ownerReferences())
                .hasSize(1);
    }

    @Test
    void anOwnerInAnotherNamespaceIsGoneAndAnEventSaysSo() {
        var decision = decided(object("d", "a"), false, false, OwnerState.ELSEWHERE);
        assertThat(decision.changes()).singleElement().isInstanceOf(Action.Delete.class);
        assertThat(decision.events())
                .singleElement()
                .satisfies(event -> assertThat(event.reason().message())
                        .isEqualTo("ownerRef [/, namespace: ns, name: a, uid: a] does not exist in namespace \"ns\""));
    }

    private static GarbageDecision.Finalization finalized(String finalizer, AnyObject... dependents) {
        var owner = AnyObject.of(View.of(Trees.map(
                "metadata",
                Trees.map("name", "na", "namespace", "ns", "uid", "a", "finalizers", Trees.list(finalizer)))));
        var held = Stream.of(dependents)
                .map(each -> new GarbageDecision.Held(new OwnerGraph.Node(TYPE, each.key(), each.uid()), each))
                .toList();
        return GarbageDecision.decide(new OwnerGraph.Node(TYPE, owner.key(), "a"), owner, held);
    }

    @Test
    void foregroundDeletionWaitsForWhatBlocks() {
        var blocked = finalized("foregroundDeletion", object("d", "a"));
        assertThat(blocked.decision()).isEqualTo(Decision.NOTHING);
        assertThat(blocked.visits()).extracting(OwnerGraph.Node::uid).containsExactly("d");
        assertThat(patched(finalized("foregroundDeletion").decision())
                        .metadata()
                        .finalizers())
                .isEmpty();
    }

    @Test
    void orphansAreReleasedBeforeTheirOwnerGoes() {
        var decision = finalized("orphan", object("d", "a", "b")).decision();
        assertThat(decision.changes())
                .extracting(change -> ((Action.Patch) change).key().name())
                .containsExactly("nd", "na");
        var orphan = AnyObject.of(View.of(((Action.Patch) decision.changes().getFirst()).patch()));
        assertThat(orphan.metadata().ownerReferences())
                .extracting(OwnerReference::uid)
                .containsExactly("b");
    }

    @Test
    void whatDependsOnAnythingUnknownIsKnown() {
        var graph = new OwnerGraph();
        graph.changed(TYPE, NONE, object("owner"));
        graph.changed(TYPE, NONE, object("one", "owner"));
        graph.changed(TYPE, NONE, object("two", "owner", "unseen"));
        assertThat(graph.dependentsOfUnknown()).extracting(OwnerGraph.Node::uid).containsExactly("two");
        graph.changed(TYPE, NONE, object("unseen"));
        assertThat(graph.dependentsOfUnknown()).isEmpty();
    }
}
