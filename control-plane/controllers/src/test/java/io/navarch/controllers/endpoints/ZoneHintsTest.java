package io.navarch.controllers.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Node;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ZoneHintsTest {
    private static Node node(String zone, String cpu, String ready) {
        return Node.of(View.of(Yaml.parse("""
                metadata: {labels: {topology.kubernetes.io/zone: '%s'}}
                status: {allocatable: {cpu: '%s'}, conditions: [{type: Ready, status: '%s'}]}
                """.formatted(zone, cpu, ready))));
    }

    private static Map<String, String> endpoints(String... zones) {
        var result = new LinkedHashMap<String, String>();
        for (int i = 0; i < zones.length; i++) result.put("u" + i, zones[i]);
        return result;
    }

    private static Map<String, Integer> counts(Map<String, String> zones) {
        var counts = new TreeMap<String, Integer>();
        for (var zone : zones.values()) counts.merge(zone, 1, Integer::sum);
        return counts;
    }

    @Test
    void sharesAreThoseOfReadyNodesProcessors() {
        assertThat(ZoneHints.shares(List.of(
                        node("a", "3", "True"),
                        node("b", "500m", "True"),
                        node("b", "500m", "True"),
                        node("c", "9", "False"))))
                .containsExactly(Map.entry("a", 0.75), Map.entry("b", 0.25));
        assertThat(ZoneHints.shares(List.of(node("a", "3", "True"), node("", "3", "True"))))
                .isEmpty();
        assertThat(ZoneHints.shares(List.of(node("a", "3", "True"), node("b", "0", "True"))))
                .isEmpty();
    }

    @Test
    void everyEndpointIsForItsOwnZoneWhereThatIsEven() {
        var hints = ZoneHints.of(endpoints("a", "b", "a", "b"), Map.of("a", 0.5, "b", 0.5));
        assertThat(hints.zones()).isEqualTo(endpoints("a", "b", "a", "b"));
    }

    @Test
    void whatOneZoneHasTooManyOfGoesToAnother() {
        var hints = ZoneHints.of(endpoints("a", "a", "a", "a", "a", "b"), Map.of("a", 0.5, "b", 0.5));
        assertThat(counts(hints.zones())).isEqualTo(Map.of("a", 3, "b", 3));
        assertThat(hints.zones().get("u5")).isEqualTo("b");
        // What is in a zone without nodes serves the others.
        assertThat(counts(ZoneHints.of(endpoints("x", "x", "a", "b"), Map.of("a", 0.5, "b", 0.5))
                        .zones()))
                .isEqualTo(Map.of("a", 2, "b", 2));
    }

    @Test
    void thereAreNoneWithoutEnoughToGoBy() {
        var even = Map.of("a", 0.5, "b", 0.5);
        assertThat(ZoneHints.of(endpoints("a"), even).refusal()).hasValue(HintRefusal.FEW_ENDPOINTS);
        assertThat(ZoneHints.of(endpoints("a", "b"), Map.of()).refusal()).hasValue(HintRefusal.NO_NODE_INFORMATION);
        assertThat(ZoneHints.of(endpoints("a", "b"), Map.of("a", 1.0)).refusal())
                .hasValue(HintRefusal.ONE_ZONE);
        assertThat(ZoneHints.of(endpoints("a", ""), even).refusal()).hasValue(HintRefusal.NO_ZONE);
        assertThat(ZoneHints.of(endpoints("a", "b", "c"), Map.of("a", 0.45, "b", 0.45, "c", 0.1))
                        .refusal())
                .hasValue(HintRefusal.OVERLOAD);
    }

    /// However endpoints and processors are spread: no zone serves a fifth more than its share, and nobody is lost.
    @Test
    void noZoneIsOverloaded() {
        var random = new Random(3);
        int hinted = 0;
        for (int i = 0; i < 2000; i++) {
            var names = List.of("a", "b", "c", "d").subList(0, 2 + random.nextInt(3));
            var nodes = new ArrayList<Node>();
            for (var name : names) nodes.add(node(name, String.valueOf(1 + random.nextInt(8)), "True"));
            var shares = ZoneHints.shares(nodes);
            var endpoints = new LinkedHashMap<String, String>();
            for (int k = random.nextInt(40); k >= 0; k--)
                endpoints.put("u" + k, names.get(random.nextInt(names.size())));
            var hints = ZoneHints.of(endpoints, shares);
            assertThat(hints).isEqualTo(ZoneHints.of(endpoints, shares));
            if (hints.refusal().isPresent()) {
                assertThat(hints.zones()).isEmpty();
                continue;
            }
            hinted++;
            assertThat(hints.zones().keySet()).isEqualTo(endpoints.keySet());
            var counts = counts(hints.zones());
            for (var share : shares.entrySet()) {
                double exact = share.getValue() * endpoints.size();
                assertThat(counts.getOrDefault(share.getKey(), 0))
                        .as("%s of %s with %s", share, counts, endpoints)
                        .isGreaterThanOrEqualTo((int) Math.floor(exact / 1.2));
            }
        }
        assertThat(hinted).isGreaterThan(1000);
    }
}
