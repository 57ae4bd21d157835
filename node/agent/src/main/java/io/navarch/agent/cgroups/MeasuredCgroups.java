package io.navarch.agent.cgroups;

import io.navarch.agent.decide.CgroupLimits;
import io.navarch.agent.measure.AgentMetrics;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Tells how long changes take.
public record MeasuredCgroups(Cgroups cgroups, AgentMetrics metrics) implements Cgroups {
    @Override
    public void apply(String name, CgroupLimits limits) throws IOException {
        var change = cgroups.exists(name) ? "update" : "create";
        long since = metrics.now();
        cgroups.apply(name, limits);
        metrics.changedCgroup(change, since);
    }

    @Override
    public boolean exists(String name) {
        return cgroups.exists(name);
    }

    @Override
    public List<String> children(String name) {
        return cgroups.children(name);
    }

    @Override
    public List<Long> processes(String name) {
        return cgroups.processes(name);
    }

    @Override
    public void remove(String name) throws IOException {
        long since = metrics.now();
        cgroups.remove(name);
        metrics.changedCgroup("destroy", since);
    }

    @Override
    public Optional<CgroupUsage> usage(String name) {
        return cgroups.usage(name);
    }
}
