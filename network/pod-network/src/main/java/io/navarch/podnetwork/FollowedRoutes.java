package io.navarch.podnetwork;

import java.util.Map;
import java.util.Optional;

/// Follows what is told of the other nodes. Each look at the kernel's routes is a process: where there are none to be
/// kept, as on an only node, one look in a while is enough.
public final class FollowedRoutes {
    /// So many calls are one look.
    static final int SELDOM = 12;

    /// The kernel's routes.
    public interface Routes {
        /// @return whether there is any to be kept: others may take it away at any time
        boolean follow(Map<String, String> gateways);
    }

    private final Routes routes;
    /// What was followed last and needed no route.
    private Optional<Map<String, String>> settled = Optional.empty();
    private int calls;

    public FollowedRoutes(Routes routes) {
        this.routes = routes;
    }

    /// @param gateways by network, the address of the node that has it
    public void follow(Map<String, String> gateways) {
        if (settled.filter(gateways::equals).isPresent() && ++calls < SELDOM) return;
        calls = 0;
        // What fails is tried again with the next call.
        settled = Optional.empty();
        if (!routes.follow(gateways)) settled = Optional.of(gateways);
    }
}
