package io.navarch.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apiserver.Samples;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatcherIndexTest {
    private static final KindDefinition THINGS = Samples.things();

    private final WatcherIndex index = new WatcherIndex();
    private final List<String> notified = new ArrayList<>();

    private final class Named implements Follower {
        private final String name;
        private final Selection selection;

        Named(String name, String namespace, String fields) {
            this.name = name;
            selection = Selection.parse(THINGS, THINGS.storage(), namespace, "", "", fields);
            index.add(this);
        }

        @Override
        public Selection selection() {
            return selection;
        }

        @Override
        public void changed(Change change, long position) {
            notified.add(name);
        }

        @Override
        public void wake() {
            notified.add(name + " woken");
        }
    }

    private static StoredObject thing(String namespace, String name, String node) {
        var object =
                Trees.map("metadata", Trees.map("name", name, "namespace", namespace), "spec", Trees.map("node", node));
        return StoredObject.of(THINGS.storagePrefix() + namespace + "/" + name, Json.write(object), 7, THINGS);
    }

    @Test
    void aChangeReachesItsNamespaceTheWholeKindAndItsField() {
        new Named("all", "", "");
        new Named("in a", "a", "");
        new Named("in b", "b", "");
        new Named("on n1", "", "spec.node=n1");
        new Named("on n2", "", "spec.node=n2");
        index.changed(new Change(8, null, thing("a", "x", "n1")), 0);
        assertThat(notified).containsExactlyInAnyOrder("all", "in a", "on n1");
    }

    @Test
    void aFieldThatChangesConcernsBothItsValues() {
        new Named("on n1", "", "spec.node=n1");
        new Named("on n2", "", "spec.node=n2");
        index.changed(new Change(8, thing("a", "x", "n1"), thing("a", "x", "n2")), 0);
        assertThat(notified).containsExactly("on n1", "on n2");
    }

    @Test
    void aDeletionConcernsWhoFollowedTheObject() {
        new Named("on n1", "", "spec.node=n1");
        new Named("in a", "a", "");
        index.changed(new Change(8, thing("a", "x", "n1"), null), 0);
        assertThat(notified).containsExactlyInAnyOrder("on n1", "in a");
    }

    @Test
    void whoHasLeftIsNeitherNotifiedNorWoken() {
        var gone = List.of(new Named("gone", "", ""), new Named("gone", "", "spec.node=n1"));
        gone.forEach(index::remove);
        new Named("here", "", "");
        index.changed(new Change(8, null, thing("a", "x", "n1")), 0);
        index.wake();
        assertThat(notified).containsExactly("here", "here woken");
        assertThat(index.size()).isOne();
    }
}
