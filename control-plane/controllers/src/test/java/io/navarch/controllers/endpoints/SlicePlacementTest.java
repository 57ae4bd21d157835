package io.navarch.controllers.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Endpoint;
import io.navarch.model.EndpointSlice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SlicePlacementTest {
    private static Map<String, Endpoint> endpoints(TreeSet<Integer> pods) {
        var result = new LinkedHashMap<String, Endpoint>();
        for (int pod : pods)
            result.put(
                    "u" + pod,
                    Endpoint.builder()
                            .targetRef(reference -> reference.uid("u" + pod))
                            .build());
        return result;
    }

    /// Whoever comes and goes: everybody is in one slice, none is too full, and few slices change.
    @Test
    void everyEndpointOnceAndWhereItWas() {
        var random = new Random(1);
        var pods = new TreeSet<Integer>();
        List<EndpointSlice> slices = List.of();
        for (int i = 0; i < 400; i++) {
            int changes = 1 + random.nextInt(i % 50 == 0 ? 300 : 3);
            for (int k = 0; k < changes; k++) {
                int pod = random.nextInt(900);
                if (!pods.remove(pod)) pods.add(pod);
            }
            var placed = SlicePlacement.place(endpoints(pods), slices);
            var seen = new HashSet<String>();
            var next = new ArrayList<EndpointSlice>();
            int changed = 0;
            for (var each : placed) {
                assertThat(each.endpoints().size()).isLessThanOrEqualTo(SlicePlacement.MOST);
                for (var endpoint : each.endpoints())
                    assertThat(seen.add(endpoint.targetRef().uid())).isTrue();
                if (!each.endpoints().equals(each.slice().endpoints())) changed++;
                if (!each.endpoints().isEmpty())
                    next.add(EndpointSlice.builder().endpoints(each.endpoints()).build());
            }
            assertThat(seen).hasSize(pods.size());
            assertThat(changed).isLessThanOrEqualTo(changes);
            slices = next;
        }
    }
}
