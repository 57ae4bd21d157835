package io.navarch.apps;

import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.EvictionThresholds;
import io.navarch.apps.lifecycle.Durations;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.util.List;
import java.util.stream.Stream;

/// The options about the node on this machine, whether its control plane is here or elsewhere.
///
/// @param host whose name and address are the node's unless options say otherwise
record NodeOptions(Options options, Host host) {
    static final List<Option> DECLARED = List.of(
            Option.value("node-name", "", "default: the host's name"),
            Option.value("node-ip", "", "default: the first address of the host"),
            Option.value(
                    "eviction-hard",
                    EvictionThresholds.DEFAULT,
                    "from how little of its disk on the node takes no more pods (nodefs.available<0%: never)"),
            Option.value("eviction-pressure-transition-period", "5m", "until it takes some again"),
            Option.flag("seccomp-default", "confine pods that say nothing as the runtime does it by default"),
            Option.list("allowed-unsafe-sysctls", "sysctls that pods may set although others feel it"));

    String name() {
        return options.string("node-name", host.name());
    }

    String address() {
        return options.string("node-ip", host.address());
    }

    AgentConfig.Eviction eviction() {
        var statements = Stream.of(options.string("eviction-hard").split(","))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
        try {
            return new AgentConfig.Eviction(
                    EvictionThresholds.parse(statements),
                    Durations.option(options, "eviction-pressure-transition-period"));
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException("--eviction-hard: " + e.getMessage());
        }
    }

    AgentConfig.Hardening hardening() {
        return new AgentConfig.Hardening(options.flag("seccomp-default"), options.names("allowed-unsafe-sysctls"));
    }
}
