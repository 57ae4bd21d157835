package io.navarch.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apiserver.Samples;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.schema.KindDefinition;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private static final KindDefinition THINGS = Samples.things();
    private static final KindDefinition CLUSTER_THINGS = Samples.clusterThings();

    private static StoredObject thing(String namespace, String name, String label, String node) {
        var object = Trees.map(
                "metadata", Trees.map("name", name, "namespace", namespace, "labels", Trees.map("app", label)),
                "spec", Trees.map("node", node));
        var key = THINGS.storagePrefix() + namespace + "/" + name;
        return StoredObject.of(key, Json.write(object), 7, THINGS);
    }

    private static Selection of(String namespace, String name, String labels, String fields) {
        return Selection.parse(THINGS, THINGS.storage(), namespace, name, labels, fields);
    }

    @Test
    void nothingSaidMeansEverythingOfTheKind() {
        var all = of("", "", "", "");
        assertThat(all.everything()).isTrue();
        assertThat(all.matches(thing("a", "x", "web", "n1"))).isTrue();
    }

    @Test
    void aNamespaceIsAPrefixOfKeysNotOfNames() {
        var selection = of("a", "", "", "");
        assertThat(selection.matches(thing("a", "x", "web", "n1"))).isTrue();
        assertThat(selection.matches(thing("ab", "x", "web", "n1"))).isFalse();
    }

    @Test
    void labelsAndFieldsMustBothMatch() {
        var selection = of("", "", "app=web", "spec.node=n1");
        assertThat(selection.matches(thing("a", "x", "web", "n1"))).isTrue();
        assertThat(selection.matches(thing("a", "x", "db", "n1"))).isFalse();
        assertThat(selection.matches(thing("a", "x", "web", "n2"))).isFalse();
    }

    @Test
    void aNameInThePathSelectsThatNameOnly() {
        var selection = of("a", "x", "", "");
        assertThat(selection.everything()).isFalse();
        assertThat(selection.matches(thing("a", "x", "web", "n1"))).isTrue();
        assertThat(selection.matches(thing("a", "y", "web", "n1"))).isFalse();
    }

    @Test
    void kindsOfTheWholeClusterHaveNoNamespaceInTheirKeys() {
        assertThat(Selection.parse(CLUSTER_THINGS, CLUSTER_THINGS.storage(), "ignored", "", "", "")
                        .prefix())
                .isEqualTo(CLUSTER_THINGS.storagePrefix());
    }

    @Test
    void onlyDeclaredFieldsCanBeSelectedBy() {
        assertThatThrownBy(() -> of("", "", "", "spec.colour=red"))
                .isInstanceOf(ApiException.class)
                .hasMessage("field label not supported: spec.colour");
        assertThatThrownBy(() -> Selection.parse(CLUSTER_THINGS, CLUSTER_THINGS.storage(), "", "", "", "spec.colour=a"))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void whatHasNoNamespaceIsInNoneThatIsAskedFor() {
        assertThat(Selection.parse(CLUSTER_THINGS, CLUSTER_THINGS.storage(), "", "", "", "metadata.namespace=a")
                        .everything())
                .isFalse();
    }

    @Test
    void selectorsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> of("", "", "app in (", "")).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> of("", "", "", "spec.node")).isInstanceOf(ApiException.class);
    }
}
