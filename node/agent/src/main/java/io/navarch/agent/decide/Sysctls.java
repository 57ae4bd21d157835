package io.navarch.agent.decide;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which of the kernel's settings pods may choose: those that are their own, and that nobody else feels.
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
///
/// @param unsafe names, or beginnings of names followed by `*`, that are allowed in addition
record Sysctls(List<String> unsafe) {
    /// What of the kernel a setting is kept apart with.
    private enum Kind {
        IPC("ipc"),
        NET("net");

        final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    private static final Set<String> SAFE = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_wmem");

    private static final Map<String, Kind> BEGINNINGS = Map.of(
            "net.", Kind.NET,
            "fs.mqueue.", Kind.IPC,
            "kernel.shm", Kind.IPC,
            "kernel.msg", Kind.IPC,
            "kernel.sem", Kind.IPC);

    /// `net/ipv4/conf/eno2.100/rp_filter` is `net.ipv4.conf.eno2/100.rp_filter`.
    static String normalized(String name) {
        int slash = name.indexOf('/');
        int dot = name.indexOf('.');
        if (slash < 0 || dot >= 0 && dot < slash) return name;
        var text = new StringBuilder();
        for (var each : name.toCharArray()) text.append(each == '.' ? '/' : each == '/' ? '.' : each);
        return text.toString();
    }

    /// Why a pod must not choose a setting; empty when it may.
    Optional<String> forbidden(String given, boolean hostNetwork, boolean hostIpc) {
        var name = normalized(given);
        if (!SAFE.contains(name) && unsafe.stream().noneMatch(pattern -> matches(pattern, name)))
            return Optional.of("\"" + name + "\" not allowlisted");
        var kind = kind(name);
        // Without a namespace of its own, a pod would choose for the node.
        if (kind.isEmpty()) return Optional.of("\"" + name + "\" not allowlisted");
        boolean shared = kind.get() == Kind.NET ? hostNetwork : hostIpc;
        return shared
                ? Optional.of("\"" + name + "\" not allowed with host " + kind.get().text + " enabled")
                : Optional.empty();
    }

    private static boolean matches(String pattern, String name) {
        var wanted = normalized(pattern);
        return wanted.endsWith("*") ? name.startsWith(wanted.substring(0, wanted.length() - 1)) : name.equals(wanted);
    }

    private static Optional<Kind> kind(String name) {
        return BEGINNINGS.entrySet().stream()
                .filter(each -> name.startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
