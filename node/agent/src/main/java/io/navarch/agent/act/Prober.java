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
        STARTUP("Startup", ProbeResults.STARTUP),
        LIVENESS("Liveness", ProbeResults.LIVENESS),
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

    /// The probes of one running container.
    ///
    /// @param results whether the last ones, as many as the thresholds ask for, were successes; set by probes
    private record Probed(TaskScope threads, Map<Kind, Boolean> results) {}

    private final ProbeCheck check;
    private final Listener listener;
    /// By the container's id.
    private final Map<String, Probed> running = new ConcurrentHashMap<>();

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
            var probed = new Probed(new TaskScope(), new ConcurrentHashMap<>());
            running.put(container.id(), probed);
            for (var kind : Kind.values()) {
                if (kind.of(spec).exists())
                    probed.threads.start(kind.text, () -> loop(probed, container.id(), spec, kind, state.address()));
            }
        }
        for (var id : List.copyOf(running.keySet())) {
            if (!alive.contains(id)) stop(id);
        }
    }

    private void stop(String id) {
        var probed = running.remove(id);
        if (probed != null) Thread.ofVirtual().start(probed.threads::close);
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
            var results = resultsOf(id);
            if (passes(results, spec, Kind.STARTUP)) {
                started.add(id);
                if (passes(results, spec, Kind.READINESS)) ready.add(id);
            }
            for (var kind : List.of(Kind.LIVENESS, Kind.STARTUP)) {
                if (Boolean.FALSE.equals(results.get(kind))) failed.put(id, kind.text);
            }
        }
        return new ProbeResults(Set.copyOf(started), Set.copyOf(ready), Map.copyOf(failed));
    }

    /// Nothing before the probes of a container have begun.
    private Map<Kind, Boolean> resultsOf(String id) {
        var probed = running.get(id);
        return probed == null ? Map.of() : probed.results;
    }

    private static boolean passes(Map<Kind, Boolean> results, Container spec, Kind kind) {
        return !kind.of(spec).exists() || Boolean.TRUE.equals(results.get(kind));
    }

    private void loop(Probed probed, String id, Container spec, Kind kind, String podAddress)
            throws InterruptedException {
        var probe = kind.of(spec);
        TaskScope.pause(probe.initialDelaySeconds() * 1000L);
        int successes = 0;
        int failures = 0;
        while (true) {
            if (kind != Kind.STARTUP && !passes(probed.results, spec, Kind.STARTUP)) {
                TaskScope.pause(100);
                continue;
            }
            var result = check.check(id, spec, probe, podAddress);
            listener.probed(spec, kind.title, result.verdict().toString());
            switch (result.verdict()) {
                case SUCCESS -> {
                    failures = 0;
                    if (++successes >= probe.successThresholdOr(1)) {
                        set(probed, kind, true);
                        // Once started is for good.
                        if (kind == Kind.STARTUP) return;
                    }
                }
                case FAILURE -> {
                    successes = 0;
                    listener.probeFailed(spec, kind.title + " probe failed: " + result.message());
                    if (++failures >= probe.failureThresholdOr(3)) set(probed, kind, false);
                }
                case UNKNOWN ->
                    listener.probeFailed(
                            spec, kind.title + " probe errored and resulted in Unknown state: " + result.message());
            }
            TaskScope.pause(probe.periodSecondsOr(10) * 1000L);
        }
    }

    private void set(Probed probed, Kind kind, boolean success) {
        var before = probed.results.put(kind, success);
        if (before == null || before != success) listener.resultsChanged();
    }
}
