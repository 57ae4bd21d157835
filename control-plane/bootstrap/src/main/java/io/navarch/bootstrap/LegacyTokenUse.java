package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes down on a Secret on which day the token in it was last used, so that those that nobody uses can be told from
/// the others.
///
/// Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-legacy-token-last-used
public final class LegacyTokenUse implements Consumer<View> {
    private static final Logger LOG = LoggerFactory.getLogger(LegacyTokenUse.class);
    private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";

    private final Supplier<Client> client;
    private final InstantSource clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    public LegacyTokenUse(Supplier<Client> client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public void accept(View secret) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
        if (secret.labels().getOrDefault(LAST_USED, "").equals(today) || !underWay.add(secret.uid())) return;
        // Whoever uses the token does not wait for that.
        Thread.ofVirtual().name("legacy-token-use").start(() -> write(secret, today));
    }

    private void write(View secret, String today) {
        try {
            client.get()
                    .mergePatch(
                            Resources.SECRETS.untyped(),
                            secret.key(),
                            "",
                            Trees.map(
                                    "metadata", Trees.map("uid", secret.uid(), "labels", Trees.map(LAST_USED, today))));
        } catch (ApiException e) {
            LOG.debug("last use of {}: {}", secret.key(), e.getMessage());
        } finally {
            underWay.remove(secret.uid());
        }
    }
}
