package io.navarch.agent.act;

import io.navarch.agent.decide.PodLifecycle;
import io.navarch.agent.decide.ProbeResults;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.Probe;
import io.navarch.process.TaskScope;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Probes the containers of one pod, each probe on a thread of its own, and remembers the results.
public final class Prober implements Probes {
    private enum Kind {
        STARTUP("Startup", "startup probe"),
        LIVENESS("Liveness", "liveness probe"),
        READINESS("Readiness", "readiness probe");

        private final String title;
        private final String text;

        Kind(String title, String text) {
            this.title = title;
            this.text = text;
        }

        Probe of(Container spec) {
            return switch (this) {
                case STARTUP -> spec.startupProbe();
                case LIVENESS -> spec.livenessProbe();
                case READINESS -> spec.readinessProbe();
            };
        }
    }

    private record Key(String containerId, Kind kind) {}

    private final ProbeCheck check;
    private final Listener listener;
    /// Whether the last results, as many as the thresholds ask for, were successes. Written by the probes' threads.
    private final Map<Key, Boolean> results = new ConcurrentHashMap<>();
    /// The probes of each running container, by its id.
    private final Map<String, TaskScope> running = new ConcurrentHashMap<>();

    public Prober(ProbeCheck check, Listener listener) {
        this.check = check;
        this.listener = listener;
    }

    @Override
    public void update(Pod pod, RuntimeState state) {
        var alive = state.running().stream().map(RuntimeState.Container::id).collect(Collectors.toSet());
        for (var container : state.running()) {
            var spec = PodLifecycle.spec(pod, container.name());
            if (!spec.exists() || running.containsKey(container.id())) continue;
            var scope = new TaskScope();
            running.put(container.id(), scope);
            for (var kind : Kind.values()) {
                if (kind.of(spec).exists())
                    scope.start(kind.text, () -> loop(container.id(), spec, kind, state.address()));
            }
        }
        for (var id : List.copyOf(running.keySet())) {
            if (!alive.contains(id)) stop(id);
        }
    }

    private void stop(String id) {
        var scope = running.remove(id);
        if (scope != null) Thread.ofVirtual().start(scope::close);
        results.keySet().removeIf(key -> key.containerId.equals(id));
    }

    @Override
    public void close() {
        List.copyOf(running.keySet()).forEach(this::stop);
    }

    @Override
    public ProbeResults results(Pod pod, RuntimeState state) {
        var started = new HashSet<String>();
        var ready = new HashSet<String>();
        var failed = new HashMap<String, String>();
        for (var container : state.running()) {
            var id = container.id();
            var spec = PodLifecycle.spec(pod, container.name());
            if (passes(id, spec, Kind.STARTUP)) {
                started.add(id);
                if (passes(id, spec, Kind.READINESS)) ready.add(id);
            }
            for (var kind : List.of(Kind.LIVENESS, Kind.STARTUP)) {
                if (Boolean.FALSE.equals(results.get(new Key(id, kind)))) failed.put(id, kind.text);
            }
        }
        return new ProbeResults(Set.copyOf(started), Set.copyOf(ready), Map.copyOf(failed));
    }

    private boolean passes(String id, Container spec, Kind kind) {
        return !kind.of(spec).exists() || Boolean.TRUE.equals(results.get(new Key(id, kind)));
    }

    private void loop(String id, Container spec, Kind kind, String podAddress) throws InterruptedException {
        var probe = kind.of(spec);
        TaskScope.pause(probe.initialDelaySeconds() * 1000L);
        int successes = 0;
        int failures = 0;
        while (true) {
            if (kind != Kind.STARTUP && !passes(id, spec, Kind.STARTUP)) {
                TaskScope.pause(100);
                continue;
            }
            var result = check.check(id, spec, probe, podAddress);
            if (result.success()) {
                failures = 0;
                if (++successes >= probe.successThresholdOr(1)) {
                    set(new Key(id, kind), true);
                    // Once started is for good.
                    if (kind == Kind.STARTUP) return;
                }
            } else {
                successes = 0;
                listener.probeFailed(spec, kind.title, result.message());
                if (++failures >= probe.failureThresholdOr(3)) set(new Key(id, kind), false);
            }
            TaskScope.pause(probe.periodSecondsOr(10) * 1000L);
        }
    }

    private void set(Key key, boolean success) {
        var before = results.put(key, success);
        if (before == null || before != success) listener.resultsChanged();
    }
}
