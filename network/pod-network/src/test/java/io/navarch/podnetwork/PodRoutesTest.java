package io.navarch.podnetwork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.navarch.process.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// In a network namespace of the kernel's, where the machine lets us make one.
class PodRoutesTest {
    private static final OwnNetwork OWN = new OwnNetwork("10.244.0.0/16", "10.244.0.0/24", "192.0.2.1");

    private final String namespace = "navarch-routes-" + ProcessHandle.current().pid();
    private final PodRoutes routes = new PodRoutes(List.of("ip", "-n", namespace));
    private boolean made;

    @BeforeEach
    void make() {
        made = attempt("ip", "netns", "add", namespace);
        assumeTrue(made && attempt("ip", "-n", namespace, "link", "add", "lan0", "type", "bridge"));
        ip("addr", "add", "192.0.2.1/24", "dev", "lan0");
        ip("link", "set", "lan0", "up");
    }

    @AfterEach
    void remove() {
        if (made) attempt("ip", "netns", "delete", namespace);
    }

    private static boolean attempt(String... command) {
        try {
            return Command.tryRun(List.of(command), "", Duration.ofSeconds(10)).exitCode() == 0;
        } catch (Command.FailedException e) {
            return false;
        }
    }

    private String ip(String... words) {
        var command = new ArrayList<>(List.of("ip", "-n", namespace));
        command.addAll(List.of(words));
        return Command.run(command);
    }

    private List<String> there() {
        return ip("route", "show").lines().map(String::strip).toList();
    }

    @Test
    void routesComeAndGoWithTheNodes() {
        var lan = "192.0.2.0/24 dev lan0 proto kernel scope link src 192.0.2.1";
        var one = "10.244.1.0/24 via 192.0.2.2 dev lan0 proto 142";
        var both = Map.of("10.244.0.0/24", "192.0.2.1", "10.244.1.0/24", "192.0.2.2", "10.244.2.0/24", "192.0.2.3");
        routes.follow(both, OWN);
        routes.follow(both, OWN);
        assertThat(there()).containsExactlyInAnyOrder(lan, one, "10.244.2.0/24 via 192.0.2.3 dev lan0 proto 142");
        routes.follow(Map.of("10.244.1.0/24", "192.0.2.9"), OWN);
        assertThat(there()).containsExactlyInAnyOrder(lan, "10.244.1.0/24 via 192.0.2.9 dev lan0 proto 142");
        routes.remove();
        assertThat(there()).containsExactly(lan);
    }

    @Test
    void routesOfOthersAreLeftAlone() {
        ip("route", "add", "10.244.1.0/24", "via", "192.0.2.8");
        ip("route", "add", "10.244.3.0/24", "via", "192.0.2.8", "proto", "static");
        routes.follow(Map.of("10.244.1.0/24", "192.0.2.2", "10.244.2.0/24", "192.0.2.3"), OWN);
        routes.follow(Map.of(), OWN);
        routes.remove();
        assertThat(there())
                .contains("10.244.1.0/24 via 192.0.2.8 dev lan0", "10.244.3.0/24 via 192.0.2.8 dev lan0 proto static")
                .hasSize(3);
    }

    /// Behind a router only the router knows the way; the others get theirs all the same.
    @Test
    void aNodeOfAnotherNetworkGetsNoRoute() {
        routes.follow(Map.of("10.244.1.0/24", "198.51.100.7", "10.244.2.0/24", "192.0.2.3"), OWN);
        assertThat(there())
                .contains("10.244.2.0/24 via 192.0.2.3 dev lan0 proto 142")
                .hasSize(2);
    }
}
