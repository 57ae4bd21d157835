package io.navarch.controllers.endpoints;

import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which endpoint goes to which slice.
final class SlicePlacement {
    static final int MOST = 100;

    private SlicePlacement() {}

    /// @param slice absent for a new one
    record Placed(View slice, List<Object> endpoints) {}

    /// What is in a slice stays there; what is new fills the fullest that have room, then new ones.
    ///
    /// @param wanted endpoints by the uid of their pod
    static List<Placed> place(Map<String, Map<String, Object>> wanted, List<View> slices) {
        var rest = new LinkedHashMap<>(wanted);
        var result = new ArrayList<Placed>();
        for (var slice : slices) {
            var kept = new ArrayList<Object>();
            for (var endpoint : slice.get("endpoints").views()) {
                var still = rest.remove(endpoint.get("targetRef", "uid").string());
                if (still != null) kept.add(still);
            }
            result.add(new Placed(slice, kept));
        }
        var left = new ArrayList<Object>(rest.values());
        var byRoom = result.stream()
                .sorted(Comparator.comparingInt((Placed placed) -> placed.endpoints.size())
                        .reversed())
                .toList();
        for (var placed : byRoom)
            while (!left.isEmpty() && placed.endpoints.size() < MOST) placed.endpoints.add(left.removeFirst());
        for (int start = 0; start < left.size(); start += MOST)
            result.add(new Placed(
                    View.of(null), new ArrayList<>(left.subList(start, Math.min(left.size(), start + MOST)))));
        return result;
    }
}
