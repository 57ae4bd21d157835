package io.navarch.agent.act;

import io.navarch.agent.decide.Waiting;
import io.navarch.model.Pod;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Why containers of one pod wait, by name.
final class Waits {
    private final PodEvents events;
    private Map<String, Waiting> byName = Map.of();

    Waits(PodEvents events) {
        this.events = events;
    }

    Map<String, Waiting> byName() {
        return byName;
    }

    /// Crash loops last as long as the decision says so; other reasons until the container starts.
    void note(Pod pod, Map<String, Waiting> decided) {
        var next = new HashMap<>(byName);
        next.values().removeIf(Waiting::crashLoop);
        decided.forEach((name, why) -> {
            next.put(name, why);
            var message = "Back-off" + why.message().substring(why.message().indexOf(" restarting"));
            events.warning(pod, name, "BackOff", message);
        });
        byName = Map.copyOf(next);
    }

    void set(String name, Optional<Waiting> why) {
        var next = new HashMap<>(byName);
        next.remove(name);
        why.ifPresent(each -> next.put(name, each));
        byName = Map.copyOf(next);
    }
}
