package io.navarch.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.process.TaskScope;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LegacyTokenUseTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-06-01T23:59:59Z"));

    private final ApiInMemory api = new ApiInMemory();

    private static Secret secret(String lastUsed) {
        return Secret.builder()
                .metadata(metadata -> metadata.namespace("a")
                        .name("token")
                        .uid("u")
                        .putLabels("kubernetes.io/legacy-token-last-used", lastUsed))
                .build();
    }

    @Test
    void theDayOfTheLastUseIsWrittenDown() throws InterruptedException {
        new LegacyTokenUse(api::client, CLOCK).accept(secret("2026-05-31"));
        for (int i = 0; i < 500 && api.objects.isEmpty(); i++) TaskScope.pause(20);
        assertThat(api.get(Resources.SECRETS, "a", "token").labels())
                .containsEntry("kubernetes.io/legacy-token-last-used", "2026-06-01");
        assertThat(api.get(Resources.SECRETS, "a", "token").uid()).isEqualTo("u");
    }

    @Test
    void itIsWrittenOnceADay() throws InterruptedException {
        var use = new LegacyTokenUse(api::client, CLOCK);
        use.accept(secret("2026-06-01"));
        var other = secret("2026-05-31").toBuilder()
                .editMetadata(metadata -> metadata.name("other").uid("v"));
        use.accept(other.build());
        for (int i = 0; i < 500 && api.writes.isEmpty(); i++) TaskScope.pause(20);
        assertThat(api.writes).containsExactly("PATCH /api/v1/namespaces/a/secrets/other");
    }

    @Test
    void callsOfTheSameMomentWriteItOnce() throws InterruptedException {
        var asked = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var use = new LegacyTokenUse(
                () -> {
                    asked.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return api.client();
                },
                CLOCK);
        use.accept(secret("2026-05-31"));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        use.accept(secret("2026-05-31"));
        goOn.countDown();
        for (int i = 0; i < 500 && api.writes.isEmpty(); i++) TaskScope.pause(20);
        assertThat(api.writes).hasSize(1);
    }
}
