package io.navarch.serviceproxy;

import io.navarch.client.Informers;
import io.navarch.model.Resources;
import io.navarch.process.Command;
import io.navarch.process.TaskScope;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the table `ip navarch` as the Services want it.
public final class ServiceProxy {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProxy.class);

    /// Changes that come together are written together.
    private static final long GATHER_MILLIS = 20;

    private final Informers caches;
    private final String nodeName;
    private final String podCidr;
    private final Semaphore changed = new Semaphore(0);
    private Ruleset current = Ruleset.EMPTY;

    public ServiceProxy(Informers caches, String nodeName, String podCidr) {
        this.caches = caches;
        this.nodeName = nodeName;
        this.podCidr = podCidr;
    }

    /// Call before the caches start.
    public void start(TaskScope scope) {
        for (var type :
                List.of(Resources.SERVICES.untyped(), Resources.ENDPOINT_SLICES.untyped(), Resources.PODS.untyped())) {
            caches.of(type).onChange((old, now) -> changed.release());
        }
        scope.start("service-proxy", () -> {
            for (var type : List.of(
                    Resources.SERVICES.untyped(), Resources.ENDPOINT_SLICES.untyped(), Resources.PODS.untyped()))
                caches.of(type).awaitSync();
            boolean fresh = true;
            while (true) {
                try {
                    synchronise(fresh);
                    fresh = false;
                } catch (Command.FailedException e) {
                    // Somebody may have taken the table away: the next attempt makes it anew.
                    LOG.warn("nftables: {}", e.getMessage());
                    fresh = true;
                    TaskScope.pause(1000);
                    continue;
                }
                changed.acquire();
                TaskScope.pause(GATHER_MILLIS);
                changed.drainPermits();
            }
        });
    }

    private void synchronise(boolean fresh) {
        var wanted = ProxyRules.of(
                caches.of(Resources.SERVICES.untyped()).all(),
                caches.of(Resources.ENDPOINT_SLICES.untyped()).all(),
                caches.of(Resources.PODS.untyped()).all(),
                nodeName);
        var script = fresh ? base() + wanted.changesFrom(Ruleset.EMPTY) : wanted.changesFrom(current);
        if (!script.isEmpty()) Command.run(List.of("nft", "-f", "-"), script);
        current = wanted;
    }

    /// The fixed part, made anew in the same transaction as everything else.
    private String base() {
        return """
                add table ip navarch
                delete table ip navarch
                table ip navarch {
                    map services { type ipv4_addr . inet_proto . inet_service : verdict; }
                    map nodeports { type inet_proto . inet_service : verdict; }
                    map hostports { type inet_proto . inet_service : verdict; }
                    set no-endpoints { type ipv4_addr . inet_proto . inet_service; }
                    set no-endpoints-nodeports { type inet_proto . inet_service; }
                    chain dispatch {
                        ip daddr . meta l4proto . th dport vmap @services
                        fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @nodeports
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
                        ip saddr %1$s ip daddr != %1$s masquerade
                    }
                    chain unavailable {
                        ip daddr . meta l4proto . th dport @no-endpoints reject
                        fib daddr type local meta l4proto . th dport @no-endpoints-nodeports reject
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
                        ct state new jump unavailable
                    }
                }
                """.formatted(podCidr);
    }

    /// Takes the table away.
    public static void remove() {
        Command.run(List.of("nft", "-f", "-"), "add table ip navarch\ndelete table ip navarch\n");
    }
}
