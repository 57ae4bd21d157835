package io.navarch.agent.garbage;

import io.navarch.agent.decide.RuntimeState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// What of a pod nobody needs any more: of each container the latest end is kept, for its logs and its state.
///
/// @param containers their ids
/// @param sandboxes their ids
public record DeadContainers(List<String> containers, List<String> sandboxes) {
    /// @param over whether the pod has ended: then nothing of it is needed but what still runs
    public static DeadContainers of(RuntimeState state, boolean over) {
        var containers = new ArrayList<String>();
        var used = new HashSet<String>();
        var kept = new HashSet<String>();
        // Newest first.
        for (var container : state.containers()) {
            boolean needed = !container.exited() || !over && kept.add(container.name());
            if (needed) used.add(container.sandboxId());
            else containers.add(container.id());
        }
        var sandboxes = state.sandboxes().stream()
                .skip(over ? 0 : 1)
                .filter(box -> !box.ready() && !used.contains(box.id()))
                .map(RuntimeState.Sandbox::id)
                .toList();
        return new DeadContainers(List.copyOf(containers), sandboxes);
    }
}
