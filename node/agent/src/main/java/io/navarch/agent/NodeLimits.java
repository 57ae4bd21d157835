package io.navarch.agent;

import io.navarch.agent.act.EventSink;
import io.navarch.agent.cgroups.PodCgroups;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.Reservation;
import io.navarch.model.EventType;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts on control groups what the node's parts may take, and tells of it.
final class NodeLimits {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLimits.class);
    private static final String ENFORCED = "NodeAllocatableEnforced";
    private static final String FAILED = "FailedNodeAllocatableEnforcement";

    private final AgentConfig config;
    private final PodCgroups cgroups;
    private final EventSink events;
    /// Pods may take more than they are to have from now on: until some are gone, the kernel refuses.
    private boolean pending = true;

    NodeLimits(AgentConfig config, PodCgroups cgroups, EventSink events) {
        this.config = config;
        this.cgroups = cgroups;
        this.events = events;
    }

    void enforce() {
        retry();
        reserved(Reservation.SYSTEM, "system reserved", "System Reserved");
        reserved(Reservation.KUBE, "kube reserved", "Kube Reserved");
    }

    /// Tries again what could not be done before.
    void retry() {
        if (!pending) return;
        try {
            cgroups.limitAll();
            pending = false;
            tell(EventType.NORMAL, ENFORCED, "Updated Node Allocatable limit across pods");
        } catch (IOException e) {
            var message = "Failed to update Node Allocatable Limits [\"kubepods\"]: " + e.getMessage();
            LOG.warn("{}", message);
            tell(EventType.WARNING, FAILED, message);
        }
    }

    private void reserved(String name, String said, String title) {
        var reservation = config.resources().reservation();
        if (!reservation.enforces(name)) return;
        var group = name.equals(Reservation.SYSTEM) ? reservation.systemCgroup() : reservation.kubeCgroup();
        try {
            cgroups.limitReserved(name);
            tell(EventType.NORMAL, ENFORCED, "Updated limits on " + said + " cgroup " + group);
        } catch (IOException e) {
            var message = "Failed to enforce " + title + " Cgroup Limits on \"" + group + "\": " + e.getMessage();
            LOG.warn("{}", message);
            tell(EventType.WARNING, FAILED, message);
        }
    }

    private void tell(EventType type, String reason, String message) {
        events.record(NodeReporter.self(config.nodeName()), type, reason, message, "");
    }
}
