package io.navarch.controllers.endpoints;

import io.navarch.model.Endpoint;
import io.navarch.model.EndpointSlice;
import java.util.ArrayDeque;
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
    record Placed(EndpointSlice slice, List<Endpoint> endpoints) {}

    /// What is in a slice stays there; what is new fills the fullest that have room, then new ones.
    ///
    /// @param wanted endpoints by the uid of their pod
    static List<Placed> place(Map<String, Endpoint> wanted, List<EndpointSlice> slices) {
        var rest = new LinkedHashMap<>(wanted);
        var result = new ArrayList<Placed>();
        for (var slice : slices) {
            var kept = new ArrayList<Endpoint>();
            for (var endpoint : slice.endpoints()) {
                var still = rest.remove(endpoint.targetRef().uid());
                if (still != null) kept.add(still);
            }
            result.add(new Placed(slice, kept));
        }
        var left = new ArrayDeque<>(rest.values());
        var byRoom = result.stream()
                .sorted(Comparator.comparingInt((Placed placed) -> placed.endpoints.size())
                        .reversed())
                .toList();
        for (var placed : byRoom) fill(placed.endpoints, left);
        while (!left.isEmpty()) {
            var fresh = new Placed(EndpointSlice.ABSENT, new ArrayList<>());
            fill(fresh.endpoints, left);
            result.add(fresh);
        }
        return result;
    }

    private static void fill(List<Endpoint> slice, ArrayDeque<Endpoint> left) {
        while (!left.isEmpty() && slice.size() < MOST) slice.add(left.removeFirst());
    }
}
