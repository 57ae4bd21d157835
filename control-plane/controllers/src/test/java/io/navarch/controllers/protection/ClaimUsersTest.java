package io.navarch.controllers.protection;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.Answers;
import io.navarch.controllers.protection.users.ClaimUsers;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimUsersTest {
    private static boolean used(boolean before, String pods) {
        var claim = PersistentVolumeClaim.of(View.of(Yaml.parse("{metadata: {name: c, namespace: ns}}")));
        var client = Answers.client(Map.of("/api/v1/namespaces/ns/pods", "{items: [" + pods + "]}"));
        return new ClaimUsers(client)
                .read(new ProtectionController.Seen(claim, before), Instant.EPOCH)
                .used();
    }

    private static String pod(String node) {
        return "{metadata: {name: p, namespace: ns}, spec: {" + node
                + "volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]}}";
    }

    @Test
    void aPodThatNoCacheHasHeardOfKeepsItsClaim() {
        assertThat(used(false, pod("nodeName: one, "))).isTrue();
        assertThat(used(false, pod(""))).isFalse();
        assertThat(used(false, "")).isFalse();
    }

    @Test
    void nobodyIsAskedOfAClaimThatIsInUse() {
        assertThat(used(true, "")).isTrue();
    }
}
