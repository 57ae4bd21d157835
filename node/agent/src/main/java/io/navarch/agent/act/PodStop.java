package io.navarch.agent.act;

import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.decide.StopOrder;
import io.navarch.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Ends the containers of one pod, in their order, all within the same time of grace. Somebody who cannot wait that
/// long
/// may shorten it meanwhile.
final class PodStop {
    /// A stop that goes on.
    ///
    /// @param told the ids of containers whose turn it is
    private record Ending(Grace grace, Set<String> told) {}

    private final ContainerStop stop;
    private final WorkerParts parts;
    private volatile @Nullable Ending ending;

    PodStop(WorkerParts parts) {
        this.parts = parts;
        stop = parts.stop();
    }

    /// @param message of the events, `""` for what is said of every container that stops
    void run(Pod pod, RuntimeState state, List<RuntimeState.Container> containers, String message, long graceSeconds)
            throws InterruptedException {
        var now = new Ending(new Grace(graceSeconds, parts.clock()), ConcurrentHashMap.newKeySet());
        ending = now;
        try {
            var order = StopOrder.of(pod, containers);
            var work = new ArrayList<Runnable>();
            for (var container : containers) {
                var said = message.isEmpty() ? "Stopping container " + container.name() : message;
                boolean last = order.afterwards().contains(container);
                if (!last) now.told.add(container.id());
                work.add(() -> {
                    stop.prepare(pod, container, state.address(), said, now.grace);
                    if (!last) end(now, container);
                });
            }
            parts.tasks().together(work);
            for (var container : order.afterwards()) parts.tasks().together(List.of(() -> end(now, container)));
        } finally {
            ending = null;
        }
    }

    private void end(Ending ending, RuntimeState.Container container) {
        ending.told.add(container.id());
        stop.end(container.id(), ending.grace.left());
        ending.told.remove(container.id());
    }

    /// What is ending has only this long from now on.
    void shorten(long graceSeconds) {
        var now = ending;
        if (now == null || !now.grace.shorten(graceSeconds)) return;
        for (var id : now.told) parts.tasks().start("stop-" + id, () -> stop.end(id, now.grace.left()));
    }
}
