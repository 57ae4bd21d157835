package io.navarch.controllers.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.garbage.GarbageDecision.OwnerState;
import io.navarch.controllers.garbage.GarbageDecision.Verdict;
import io.navarch.model.Resources;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OwnerGraphTest {
    private static final View NONE = View.of(null);
    private static final ResourceType<View> TYPE = Resources.CONFIG_MAPS.untyped();

    private static View object(String uid, String... owners) {
        var references = new ArrayList<Object>();
        for (var owner : owners) references.add(Trees.map("uid", owner, "name", owner, "blockOwnerDeletion", true));
        return View.of(Trees.map(
                "metadata",
                Trees.map("name", "n" + uid, "namespace", "ns", "uid", uid, "ownerReferences", references)));
    }

    /// Whatever comes, changes its owners and goes, in whatever order: the graph says what a list of all objects would,
    /// and is empty when all are gone.
    @Test
    void itKnowsWhatIsThereAndForgetsWhatIsNot() {
        var random = new Random(1);
        var graph = new OwnerGraph();
        var there = new HashMap<String, View>();
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
                                .filter(each -> each.metadata().get("ownerReferences").stream()
                                        .anyMatch(reference ->
                                                reference.get("uid").string().equals(owner)))
                                .map(View::uid)
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

    @Test
    void whatBecomesOfADependent() {
        var one = object("d", "a");
        assertThat(GarbageDecision.dependent(one, List.of(OwnerState.SOLID), false, false))
                .isEqualTo(new Verdict.Keep());
        assertThat(GarbageDecision.dependent(one, List.of(OwnerState.GONE), false, false))
                .isEqualTo(new Verdict.Delete("Background"));
        assertThat(GarbageDecision.dependent(one, List.of(OwnerState.WAITING), true, false))
                .isEqualTo(new Verdict.Delete("Foreground"));
        // Two that wait for each other: the circle is opened.
        assertThat(GarbageDecision.dependent(one, List.of(OwnerState.WAITING), true, true))
                .isInstanceOfSatisfying(
                        Verdict.Patch.class,
                        patch -> assertThat(View.of(patch.body())
                                        .metadata()
                                        .get("ownerReferences")
                                        .at(0)
                                        .get("blockOwnerDeletion")
                                        .bool())
                                .isFalse());
        var two = object("d", "a", "b");
        assertThat(GarbageDecision.dependent(two, List.of(OwnerState.GONE, OwnerState.SOLID), false, false))
                .isInstanceOfSatisfying(
                        Verdict.Patch.class,
                        patch -> assertThat(View.of(patch.body())
                                        .metadata()
                                        .get("ownerReferences")
                                        .list())
                                .hasSize(1));
    }
}
