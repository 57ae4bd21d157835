package io.navarch.podnetwork;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.Command;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The kernel's routes to the pods of other nodes on the same network: each leads to the node's own address. They carry
/// a protocol number of their own, by which they are known; routes of others are never touched.
public final class PodRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(PodRoutes.class);

    /// Of no other program in `/etc/iproute2/rt_protos`.
    private static final String PROTOCOL = "142";

    private final List<String> ip;
    /// Those that the kernel takes not, which is said once.
    private final Set<PodRoute> refused = new HashSet<>();

    public PodRoutes() {
        this(List.of("ip"));
    }

    /// @param ip the command, with what is always the same
    PodRoutes(List<String> ip) {
        this.ip = ip;
    }

    /// Makes the kernel's routes those that lead to the other nodes.
    ///
    /// @param gateways by network, the address of the node that has it
    /// @return whether there is any to be kept
    public boolean follow(Map<String, String> gateways, OwnNetwork own) {
        var wanted = PodRoute.wanted(gateways, own);
        var plan = RoutePlan.of(wanted, present());
        for (var route : plan.removed()) remove(route);
        refused.retainAll(wanted);
        for (var route : plan.added()) add(route);
        return !wanted.isEmpty();
    }

    private void add(PodRoute route) {
        try {
            run("add", route.network(), "via", route.gateway(), "proto", PROTOCOL);
            refused.remove(route);
            LOG.info("pods of {} are reached through {}", route.network(), route.gateway());
        } catch (Command.FailedException e) {
            // A node behind a router, or a route that somebody else has made: both may change.
            if (refused.add(route))
                LOG.warn("no route to the pods of {} at {}: {}", route.network(), route.gateway(), e.getMessage());
        }
    }

    private void remove(PodRoute route) {
        run("del", route.network(), "via", route.gateway(), "proto", PROTOCOL);
    }

    private List<PodRoute> present() {
        var result = new ArrayList<PodRoute>();
        for (var route : View.of(Json.parse(run("show", "proto", PROTOCOL))).views()) {
            var network = route.get("dst").string();
            // A single address stands there without a length.
            result.add(new PodRoute(
                    network.contains("/") ? network : network + "/32",
                    route.get("gateway").string()));
        }
        return result;
    }

    private String run(String... words) {
        var command = new ArrayList<>(ip);
        command.addAll(List.of("-j", "-4", "route"));
        command.addAll(List.of(words));
        return Command.run(command);
    }

    /// Takes all of them away.
    public void remove() {
        present().forEach(this::remove);
    }
}
