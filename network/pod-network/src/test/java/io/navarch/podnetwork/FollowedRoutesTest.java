package io.navarch.podnetwork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FollowedRoutesTest {
    private static final Map<String, String> ALONE = Map.of("10.244.0.0/24", "192.0.2.1");
    private static final Map<String, String> TWO = Map.of("10.244.0.0/24", "192.0.2.1", "10.244.1.0/24", "192.0.2.2");

    private int looks;
    private boolean broken;
    private final FollowedRoutes routes = new FollowedRoutes(gateways -> {
        looks++;
        if (broken) throw new IllegalStateException("no ip");
        return gateways.size() > 1;
    });

    private int looks(Map<String, String> gateways, int calls) {
        looks = 0;
        for (int i = 0; i < calls; i++) routes.follow(gateways);
        return looks;
    }

    @Test
    void anOnlyNodeLooksSeldom() {
        assertThat(looks(ALONE, 1 + FollowedRoutes.SELDOM * 10)).isEqualTo(11);
    }

    @Test
    void routesThatAreKeptAreLookedAtEachTime() {
        assertThat(looks(ALONE, 2)).isEqualTo(1);
        assertThat(looks(TWO, 20)).isEqualTo(20);
        assertThat(looks(ALONE, 3)).isEqualTo(1);
    }

    @Test
    void whatFailsIsTriedAgainAtOnce() {
        broken = true;
        assertThatThrownBy(() -> routes.follow(ALONE)).hasMessage("no ip");
        broken = false;
        assertThat(looks(ALONE, 2)).isEqualTo(1);
    }
}
