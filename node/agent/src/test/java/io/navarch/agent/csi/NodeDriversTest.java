package io.navarch.agent.csi;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.csi.CsiNode.NodeInfo;
import io.navarch.model.CSINode;
import io.navarch.model.CSINodeDriver;
import io.navarch.model.Node;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeDriversTest {
    private static final CSINode ONE =
            CSINode.of(view("{metadata: {name: n}, spec: {drivers: [{name: a, nodeID: i, topologyKeys: [t]}]}}"));

    private static View view(String yaml) {
        return View.of(Yaml.parse(yaml));
    }

    private static String text(Optional<List<CSINodeDriver>> drivers) {
        return drivers.map(all -> Json.writeString(
                        all.stream().map(driver -> driver.view().map()).toList()))
                .orElse("unchanged");
    }

    @Test
    void aDriverIsAddedWithItsTopologyInOrder() {
        assertThat(text(NodeDrivers.with(ONE, "b", new NodeInfo("j", 3, Map.of("z", "1", "y", "2")))))
                .isEqualTo(
                        "[{\"name\":\"a\",\"nodeID\":\"i\",\"topologyKeys\":[\"t\"]},{\"name\":\"b\",\"nodeID\":\"j\","
                                + "\"topologyKeys\":[\"y\",\"z\"],\"allocatable\":{\"count\":3}}]");
    }

    @Test
    void whatIsThereAlreadyIsNotWrittenAgain() {
        assertThat(text(NodeDrivers.with(ONE, "a", new NodeInfo("i", 0, Map.of("t", "x")))))
                .isEqualTo("unchanged");
        assertThat(text(NodeDrivers.with(ONE, "a", new NodeInfo("i", Long.MAX_VALUE, Map.of("t", "x")))))
                .contains("\"count\":2147483647");
        assertThat(text(NodeDrivers.without(ONE, "b"))).isEqualTo("unchanged");
        assertThat(text(NodeDrivers.without(ONE, "a"))).isEqualTo("[]");
    }

    @Test
    void theNodeNamesItsIds() {
        var node =
                Node.of(view("{metadata: {name: n, annotations: {csi.volume.kubernetes.io/nodeid: '{\"a\":\"i\"}'}}}"));
        assertThat(NodeDrivers.withId(node, "b", "j")).isEqualTo("{\"a\":\"i\",\"b\":\"j\"}");
        assertThat(NodeDrivers.withoutId(node, "a")).isEmpty();
        assertThat(NodeDrivers.withId(Node.ABSENT, "b", "j")).isEqualTo("{\"b\":\"j\"}");
    }

    @Test
    void aNodeIsInOnePlace() {
        var node = Node.of(view("{metadata: {name: n, labels: {zone: a}}}"));
        assertThat(NodeDrivers.collision(node, Map.of("zone", "a", "rack", "1")))
                .isEmpty();
        assertThat(NodeDrivers.collision(node, Map.of("zone", "b")))
                .contains("detected topology value collision: driver reported \"zone\":\"b\" but existing label is"
                        + " \"zone\":\"a\"");
    }
}
