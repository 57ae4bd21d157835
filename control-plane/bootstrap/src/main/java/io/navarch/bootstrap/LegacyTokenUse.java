package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.objects.ApiException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Labels a Secret with the day on which the token in it was last used, so that tokens that nobody uses can be found.
///
/// Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-legacy-token-last-used
public final class LegacyTokenUse implements Consumer<Secret> {
    private static final Logger LOG = LoggerFactory.getLogger(LegacyTokenUse.class);
    private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";

    private final Supplier<Client> client;
    private final InstantSource clock;
    /// UIDs of Secrets whose label is being written.
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    public LegacyTokenUse(Supplier<Client> client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public void accept(Secret secret) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
        if (secret.labels().getOrDefault(LAST_USED, "").equals(today) || !underWay.add(secret.uid())) return;
        // The call that uses the token does not wait for this write.
        Thread.ofVirtual().name("legacy-token-use").start(() -> record(secret, today));
    }

    private void record(Secret secret, String today) {
        try {
            var used = Secret.builder()
                    .metadata(metadata -> metadata.uid(secret.uid()).putLabels(LAST_USED, today));
            client.get().mergePatch(Resources.SECRETS, secret.key(), "", used.map());
        } catch (ApiException e) {
            LOG.debug("last use of {}: {}", secret.key(), e.getMessage());
        } finally {
            underWay.remove(secret.uid());
        }
    }
}
