package io.navarch.controllers.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SlicePlacementTest {
    private static Map<String, Map<String, Object>> endpoints(TreeSet<Integer> pods) {
        var result = new LinkedHashMap<String, Map<String, Object>>();
        for (int pod : pods) result.put("u" + pod, Trees.map("targetRef", Trees.map("uid", "u" + pod)));
        return result;
    }

    /// Whoever comes and goes: everybody is in one slice, none is too full, and few slices change.
    @Test
    void everyEndpointOnceAndWhereItWas() {
        var random = new Random(1);
        var pods = new TreeSet<Integer>();
        List<View> slices = List.of();
        for (int i = 0; i < 400; i++) {
            int changes = 1 + random.nextInt(i % 50 == 0 ? 300 : 3);
            for (int k = 0; k < changes; k++) {
                int pod = random.nextInt(900);
                if (!pods.remove(pod)) pods.add(pod);
            }
            var placed = SlicePlacement.place(endpoints(pods), slices);
            var seen = new HashSet<String>();
            var next = new ArrayList<View>();
            int changed = 0;
            for (var each : placed) {
                assertThat(each.endpoints().size()).isLessThanOrEqualTo(SlicePlacement.MOST);
                for (var endpoint : each.endpoints())
                    assertThat(seen.add(
                                    View.of(endpoint).get("targetRef", "uid").string()))
                            .isTrue();
                if (!each.endpoints().equals(each.slice().get("endpoints").list())) changed++;
                if (!each.endpoints().isEmpty()) next.add(View.of(Trees.map("endpoints", each.endpoints())));
            }
            assertThat(seen).hasSize(pods.size());
            assertThat(changed).isLessThanOrEqualTo(changes);
            slices = next;
        }
    }
}
