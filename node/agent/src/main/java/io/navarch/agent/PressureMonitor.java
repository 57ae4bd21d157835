package io.navarch.agent;

import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.decide.NodePressure;
import io.navarch.agent.decide.Pressure;
import java.time.InstantSource;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks whether the node is short of something. One task looks, any may ask.
final class PressureMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(PressureMonitor.class);

    private final AgentConfig.Eviction eviction;
    private final Machine machine;
    private final InstantSource clock;
    private Set<Signal> met = Set.of();
    private volatile NodePressure pressure = NodePressure.NONE;

    PressureMonitor(AgentConfig.Eviction eviction, Machine machine, InstantSource clock) {
        this.eviction = eviction;
        this.machine = machine;
        this.clock = clock;
    }

    void look() {
        var observed = machine.observations();
        var now = eviction.thresholds().met(observed);
        if (!now.equals(met)) {
            if (now.isEmpty()) LOG.info("enough is left again of {}", met);
            for (var signal : now)
                if (!met.contains(signal))
                    LOG.warn("too little is left of {}: {}; no new pods are taken", signal, observed.get(signal));
            met = now;
        }
        pressure = pressure.next(now, eviction.transition(), clock.instant());
    }

    Set<Pressure> present() {
        return pressure.present();
    }
}
