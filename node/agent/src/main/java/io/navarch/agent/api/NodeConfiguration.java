package io.navarch.agent.api;

import io.navarch.agent.decide.AgentConfig;
import io.navarch.objects.GoDuration;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How the node is set up, in the words of a `KubeletConfiguration`.
record NodeConfiguration(AgentConfig config) {
    Map<String, Object> tree() {
        var resources = config.resources();
        var reservation = resources.reservation();
        var own = Trees.map(
                "port", (long) config.port(),
                "clusterDomain", config.clusterDomain(),
                "clusterDNS", List.of(config.clusterDns()),
                "cgroupsPerQOS", true,
                "cgroupDriver", "cgroupfs",
                "cgroupRoot", resources.cgroupRoot(),
                "podPidsLimit", resources.mostPids() == 0 ? -1L : resources.mostPids(),
                "seccompDefault", config.hardening().seccompDefault(),
                "allowedUnsafeSysctls", config.hardening().unsafeSysctls(),
                "enableSystemLogHandler", true,
                "enableSystemLogQuery", config.hardening().logQueries(),
                "staticPodPath", config.manifests().toString(),
                "podCIDR", config.podCidr(),
                "systemReserved", amounts(reservation.system()),
                "kubeReserved", amounts(reservation.kube()),
                "enforceNodeAllocatable",
                        reservation.enforced().stream().sorted().toList(),
                "maxPods", 110L);
        shutdown(own);
        return Trees.map("kubeletconfig", own);
    }

    /// Either as a whole or by priority, as it is set.
    private void shutdown(Map<String, Object> own) {
        var periods = config.shutdown();
        boolean whole = periods.simple() && !periods.all().isEmpty();
        own.put("shutdownGracePeriod", seconds(whole ? periods.seconds() : 0));
        own.put(
                "shutdownGracePeriodCriticalPods",
                seconds(whole ? periods.all().getLast().seconds() : 0));
        if (periods.simple()) return;
        own.put(
                "shutdownGracePeriodByPodPriority",
                periods.all().stream()
                        .map(period -> Trees.map(
                                "priority", (long) period.priority(), "shutdownGracePeriodSeconds", period.seconds()))
                        .toList());
    }

    private static String seconds(long seconds) {
        return GoDuration.text(Duration.ofSeconds(seconds));
    }

    private static Map<String, Object> amounts(Map<String, Quantity> amounts) {
        var shown = new HashMap<String, Object>();
        amounts.forEach((name, amount) -> shown.put(name, amount.toString()));
        return shown;
    }
}
