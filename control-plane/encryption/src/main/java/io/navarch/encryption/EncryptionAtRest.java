package io.navarch.encryption;

import io.navarch.objects.Sha256;
import io.navarch.process.ConfigurationException;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The store of a server with its values encrypted, and what keeps it so: the configuration is read again when its file
/// changes, and values that were written otherwise are written anew.
public final class EncryptionAtRest {
    private static final Logger LOG = LoggerFactory.getLogger(EncryptionAtRest.class);
    private static final long LOOKED_AT_MILLIS = 1000;
    private static final long CHECKED_MILLIS = 60_000;

    private static final Metric RELOADS = Metric.counter(
            "apiserver_encryption_config_controller_automatic_reloads_total",
            "[BETA] Total number of reload successes and failures of encryption configuration.",
            "status");

    /// What this needs of its surroundings.
    ///
    /// @param status the file that tells how far this is
    public record Surroundings(Path status, InstantSource clock, SecureRandom random, Metrics metrics) {}

    /// What values were before.
    public interface History {
        /// Forgets all up to a revision.
        void forget(long revision) throws InterruptedException;
    }

    private final EncryptedStore store;
    private final KeyFile file;
    private final Surroundings surroundings;
    /// The digest of the configuration that was read last, whether it could be used or not.
    private String seen;

    /// Whether all was written as it has to be when the store was opened; nobody has written since.
    private final boolean whole;

    private EncryptionAtRest(
            EncryptedStore store, KeyFile file, Surroundings surroundings, String seen, boolean whole) {
        this.store = store;
        this.file = file;
        this.surroundings = surroundings;
        this.seen = seen;
        this.whole = whole;
    }

    /// @param configuration the file; where there is none, one is made with a key of its own that encrypts Secrets
    /// @throws IOException when the configuration cannot be used, or does not open what is stored
    public static EncryptionAtRest open(Store store, Path configuration, KeyLayout layout, Surroundings surroundings)
            throws IOException {
        var file = new KeyFile(configuration);
        boolean made = !Files.exists(configuration);
        if (made) {
            if (Files.exists(surroundings.status)) throw missing(configuration);
            file.create(store.revision() > 0, surroundings.random);
        }
        var text = file.text();
        try {
            var encrypted = new EncryptedStore(store, read(text, surroundings), layout);
            boolean whole = new Rewriting(encrypted).verify();
            return new EncryptionAtRest(encrypted, file, surroundings, Sha256.hex(text), whole);
        } catch (ConfigurationException | UnreadableValueException e) {
            if (made) {
                // It would only hide what is missing.
                Files.delete(configuration);
                throw missing(configuration);
            }
            throw new IOException(configuration + ": " + e.getMessage(), e);
        }
    }

    private static IOException missing(Path configuration) {
        return new IOException(configuration + " is missing, and values are encrypted with the keys in it: restore it"
                + " from a backup (nothing was changed)");
    }

    private static Encryption read(String text, Surroundings surroundings) {
        return new EncryptionConfiguration(GrpcKeyService::new, surroundings.clock, surroundings.random).read(text);
    }

    public Store store() {
        return store;
    }

    /// @param history in which values may be as they were
    public void start(TaskScope scope, History history) {
        surroundings.metrics.declare(RELOADS);
        scope.start("encryption", () -> {
            if (whole) current(0);
            else rewrite(history);
            while (true) {
                TaskScope.pause(LOOKED_AT_MILLIS);
                if (reload()) rewrite(history);
            }
        });
        scope.every("key-services", CHECKED_MILLIS, store::check);
    }

    /// Whether there is a new configuration and it is used from now on.
    private boolean reload() throws IOException {
        String text;
        try {
            text = file.text();
        } catch (IOException e) {
            if (!seen.isEmpty()) failed("", "cannot be read: " + e.getMessage());
            return false;
        }
        var digest = Sha256.hex(text);
        if (digest.equals(seen)) return false;
        try {
            // What the new one cannot read is still read by the old one while the server runs, but not after.
            var next = read(text, surroundings);
            new Rewriting(store.with(next)).verify();
            store.use(next);
        } catch (ConfigurationException | UnreadableValueException e) {
            failed(digest, String.valueOf(e.getMessage()));
            return false;
        }
        seen = digest;
        surroundings.metrics.record(RELOADS.once("success"));
        LOG.info("{} is used from now on", file.path());
        return true;
    }

    private void failed(String digest, String why) throws IOException {
        seen = digest;
        surroundings.metrics.record(RELOADS.once("failure"));
        LOG.error("{} stays as it was: {}", file.path(), why);
        tell(RestStatus.State.FAILED, why);
    }

    private void tell(RestStatus.State state, String message) throws IOException {
        new RestStatus(seen, state, message).write(surroundings.status);
    }

    /// Writes anew what was written otherwise, and lets go of what it was before.
    private void rewrite(History history) throws IOException, InterruptedException {
        tell(RestStatus.State.REWRITING, "");
        var done = new Rewriting(store).run();
        if (done.rewritten() > 0) {
            LOG.info("{} values were written anew", done.rewritten());
            history.forget(store.revision());
        }
        if (done.plain() > 0) store.rewriteFiles();
        current(done.rewritten());
    }

    private void current(long rewritten) throws IOException {
        tell(RestStatus.State.CURRENT, rewritten + " values were written anew");
    }
}
