package io.navarch.agent;

import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.ResourceConfig;
import io.navarch.agent.decide.ShutdownPeriods;
import io.navarch.agent.measure.AgentMetrics;
import io.navarch.process.Metrics;
import java.nio.file.Path;

/// The configuration of a node that has no files.
public final class ConfigOfTests {
    private static final Path NOWHERE = Path.of("/none");

    private ConfigOfTests() {}

    public static AgentConfig of(String address, AgentConfig.Eviction eviction) {
        return of(address, eviction, ShutdownPeriods.of(20, 5));
    }

    public static AgentConfig of(String address, AgentConfig.Eviction eviction, ShutdownPeriods shutdown) {
        return new AgentConfig(
                "n",
                address,
                0,
                NOWHERE,
                NOWHERE,
                NOWHERE,
                NOWHERE,
                "",
                "",
                "",
                "test",
                AgentConfig.Hardening.NONE,
                eviction,
                shutdown,
                ResourceConfig.DEFAULT);
    }

    /// That nobody asks for.
    public static AgentMetrics metrics() {
        return new AgentMetrics(new Metrics(), () -> 0);
    }
}
