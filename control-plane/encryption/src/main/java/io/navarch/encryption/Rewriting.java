package io.navarch.encryption;

import io.navarch.store.Store;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A pass over the values that are encrypted or have to be.
final class Rewriting {
    private static final int PAGE = 500;

    /// These end by themselves, and nobody knows when any more.
    private static final String PASSING = "events";

    /// @param plain how many of them nobody had encrypted
    record Done(long rewritten, long plain) {}

    private final EncryptedStore store;

    Rewriting(EncryptedStore store) {
        this.store = store;
    }

    /// Whether everything is written as the configuration that is used now says.
    ///
    /// @throws UnreadableValueException when something stored cannot be read by it
    boolean verify() {
        var stale = new AtomicBoolean();
        each(entry -> {
            if (!store.openNow(entry.key(), entry.value()).current()) stale.set(true);
        });
        return !stale.get();
    }

    Done run() {
        var counts = new long[2];
        each(entry -> {
            if (store.resource(entry.key()).name().equals(PASSING)) return;
            var opened = store.opened(entry.key(), entry.value());
            if (opened.current()) return;
            // Whoever writes it meanwhile writes it right.
            if (!store.put(entry.key(), opened.value(), entry.modRevision(), Duration.ZERO)
                    .written()) return;
            counts[0]++;
            if (!PlainCipher.startsWith(entry.value(), PlainCipher.ENCRYPTED)) counts[1]++;
        });
        return new Done(counts[0], counts[1]);
    }

    private void each(Consumer<Store.KeyValue> action) {
        store.prefixes().forEach(prefix -> each(prefix, action));
    }

    /// A page at a time, as things are when a page is read.
    private void each(String prefix, Consumer<Store.KeyValue> action) {
        var from = prefix;
        var end = Store.prefixEnd(prefix);
        while (true) {
            var page = store.sealed().range(from, end, 0, PAGE);
            page.entries().forEach(action);
            if (!page.more()) return;
            from = page.entries().getLast().key() + "\0";
        }
    }
}
