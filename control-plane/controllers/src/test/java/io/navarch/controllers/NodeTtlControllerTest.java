package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.node.NodeTtlController;
import io.navarch.model.Node;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeTtlControllerTest {
    private static final String ANNOTATION = "node.alpha.kubernetes.io/ttl";

    @ParameterizedTest
    @CsvSource({
        "'', 1, 0",
        "'', 101, 15",
        "0, 100, ''",
        "0, 101, 15",
        "15, 95, ''",
        "15, 89, 0",
        "nonsense, 3, 0",
        "30, 1000, ''",
        "'', 5000, 300",
        "300, 1799, 60"
    })
    void theMoreNodesTheLonger(String known, int nodes, String wanted) {
        var metadata = ObjectMeta.builder().name("n");
        if (!known.isEmpty()) metadata.putAnnotations(ANNOTATION, known);
        var node = Node.builder().metadata(metadata.build()).build();
        var actions = new NodeTtlController()
                .decide(new NodeTtlController.Seen(node, nodes), Instant.EPOCH)
                .actions();
        if (wanted.isEmpty()) {
            assertThat(actions).isEmpty();
            return;
        }
        assertThat(actions)
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.Patch.class,
                        patch -> assertThat(View.of(patch.patch())
                                        .metadata()
                                        .get("annotations")
                                        .map())
                                .containsEntry(ANNOTATION, wanted));
    }
}
