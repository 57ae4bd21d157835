package io.navarch.agent;

import io.navarch.agent.decide.EvictionThresholds.Observation;
import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.stats.NodeUsage;
import io.navarch.model.NodeSystemInfo;
import io.navarch.objects.Quantity;
import java.time.Instant;
import java.util.Map;

/// What a node is made of, as a port: the machine the agent runs on, or one that is made up.
public interface Machine {
    /// Resources by name, all of them for pods.
    Map<String, Quantity> capacity();

    /// In bytes.
    long memory();

    /// What is known of kernel and operating system; versions of our own are added to it.
    NodeSystemInfo.Builder systemInfo();

    /// Labels besides the node's host name and operating system.
    Map<String, String> labels();

    /// Why its container runtime is away, as far as somebody knows who keeps it running; otherwise `""`.
    default String runtimeAway() {
        return "";
    }

    /// The most processes and threads that it can have, 0 when that is not known.
    default long mostProcesses() {
        return 0;
    }

    /// Processes and threads that there are, and can be.
    default NodeUsage.Processes processes() {
        return new NodeUsage.Processes(0, mostProcesses());
    }

    default int processors() {
        return 1;
    }

    /// Whether images, and what containers write, are on a file system of their own.
    default boolean separateImages() {
        return false;
    }

    /// When it was started.
    default Instant booted() {
        return Instant.EPOCH;
    }

    /// What is left of what may run short, as far as it is known.
    default Map<Signal, Observation> observations() {
        return Map.of();
    }

    /// Whether the kernel confines processes by AppArmor profiles.
    default boolean appArmor() {
        return false;
    }
}
