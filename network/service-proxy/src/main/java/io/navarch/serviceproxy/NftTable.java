package io.navarch.serviceproxy;

/// The table's fixed part: the hooks into the kernel, and the maps and sets that say where packets go.
///
/// @param podCidr the addresses of this node's pods
/// @param clusterCidr those of all pods: whoever is asked by a pod sees which
public record NftTable(String podCidr, String clusterCidr) {
    static final String NAME = "ip navarch";

    static final String SERVICES = "services";
    /// Addresses that come from outside of the cluster, which anybody may ask for: they never take a service's
    /// own.
    static final String EXTERNALS = "externals";
    static final String NODE_PORTS = "nodeports";
    static final String HOST_PORTS = "hostports";
    /// Ports of one of the node's addresses, which belong to another pod than the same ones of another address.
    static final String ADDRESSED_HOST_PORTS = "addressed-hostports";
    /// Addresses that Services have inside of the cluster: whatever is not one of their ports is refused, instead of
    /// leaving for wherever the machine sends what it does not know.
    static final String CLUSTER_ADDRESSES = "cluster-ips";
    static final String NO_ENDPOINTS = "no-endpoints";
    static final String NO_ENDPOINTS_NODE_PORTS = "no-endpoints-nodeports";

    /// A chain without rules, for addresses that belong to somebody although nobody answers there.
    static final String NOBODY = "nobody";

    /// One transaction that makes the table anew, with these rules in it.
    String made(Ruleset rules) {
        return removed() + fixed() + rules.changesFrom(Ruleset.EMPTY);
    }

    /// A table can only be deleted when there is one.
    static String removed() {
        return "add table " + NAME + "\ndelete table " + NAME + "\n";
    }

    private String fixed() {
        return """
                table ip navarch {
                    map services { type ipv4_addr . inet_proto . inet_service : verdict; }
                    map externals { type ipv4_addr . inet_proto . inet_service : verdict; }
                    map nodeports { type inet_proto . inet_service : verdict; }
                    map hostports { type inet_proto . inet_service : verdict; }
                    map addressed-hostports { type ipv4_addr . inet_proto . inet_service : verdict; }
                    set cluster-ips { type ipv4_addr; }
                    set no-endpoints { type ipv4_addr . inet_proto . inet_service; }
                    set no-endpoints-nodeports { type inet_proto . inet_service; }
                    chain nobody {
                    }
                    chain dispatch {
                        ip daddr . meta l4proto . th dport vmap @services
                        ip daddr . meta l4proto . th dport vmap @externals
                        fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @nodeports
                        fib daddr type local ip daddr . meta l4proto . th dport vmap @addressed-hostports
                        fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @hostports
                    }
                    chain prerouting {
                        type nat hook prerouting priority dstnat; policy accept;
                        jump dispatch
                    }
                    chain output {
                        type nat hook output priority -100; policy accept;
                        jump dispatch
                    }
                    chain postrouting {
                        type nat hook postrouting priority srcnat; policy accept;
                        meta mark & 0x4000 != 0 meta mark set meta mark xor 0x4000 masquerade
                        ip saddr %1$s ip daddr != %1$s ip daddr != %2$s masquerade
                    }
                    chain unavailable {
                        ip daddr . meta l4proto . th dport @no-endpoints reject
                        fib daddr type local meta l4proto . th dport @no-endpoints-nodeports reject
                        ip daddr @cluster-ips reject
                    }
                    chain forward {
                        type filter hook forward priority filter; policy accept;
                        ct state new jump unavailable
                    }
                    chain local {
                        type filter hook output priority filter; policy accept;
                        ct state new jump unavailable
                    }
                    chain input {
                        type filter hook input priority filter; policy accept;
                        iifname != "lo" ip daddr 127.0.0.0/8 ct state != { established, related } drop
                        ct state new jump unavailable
                    }
                }
                """.formatted(podCidr, clusterCidr);
    }
}
