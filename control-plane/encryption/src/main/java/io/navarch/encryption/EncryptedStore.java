package io.navarch.encryption;

import io.navarch.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A store whose values are sealed on their way in and opened on their way out.
public final class EncryptedStore implements Store {
    private final Store store;
    private final KeyLayout layout;
    /// The newest first. Older ones read what was written while a newer one was being tried.
    private volatile List<Encryption> configured;

    public EncryptedStore(Store store, Encryption encryption, KeyLayout layout) {
        this.store = store;
        this.layout = layout;
        configured = List.of(encryption);
    }

    /// The same values, read and written as this says and by nothing else.
    EncryptedStore with(Encryption encryption) {
        return new EncryptedStore(store, encryption, layout);
    }

    /// Writes as this says from now on.
    void use(Encryption encryption) {
        var all = new ArrayList<Encryption>();
        all.add(encryption);
        all.addAll(configured);
        // One before the last reads what was written while the last was being checked; nothing is older.
        while (all.size() > 2) all.removeLast().close();
        configured = List.copyOf(all);
    }

    /// Asks the key services how they are.
    void check() {
        configured.getFirst().check();
    }

    /// The store itself, with its values as they are.
    Store sealed() {
        return store;
    }

    /// The prefixes under which values are that are encrypted or have to be.
    List<String> prefixes() {
        var named = configured.getFirst().resources();
        if (named.stream().anyMatch(resource -> resource.startsWith("*"))) return List.of(KeyLayout.ROOT);
        return named.stream()
                .map(resource -> layout.prefix(KeyLayout.Resource.parse(resource)))
                .toList();
    }

    KeyLayout.Resource resource(String key) {
        return layout.resource(key);
    }

    private Providers providers(Encryption encryption, String key) {
        var resource = layout.resource(key);
        return encryption.of(resource.group(), resource.name());
    }

    private static byte[] context(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    /// @throws UnreadableValueException when the configuration that is used now does not open it
    ValueCipher.Opened openNow(String key, byte[] stored) {
        try {
            return providers(configured.getFirst(), key).open(stored, context(key));
        } catch (UnreadableValueException e) {
            throw new UnreadableValueException(key + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// @throws UnreadableValueException when nothing that is configured opens it
    ValueCipher.Opened opened(String key, byte[] stored) {
        var failures = new ArrayList<UnreadableValueException>();
        for (var encryption : configured) {
            try {
                var opened = providers(encryption, key).open(stored, context(key));
                return failures.isEmpty() ? opened : new ValueCipher.Opened(opened.value(), false);
            } catch (UnreadableValueException e) {
                failures.add(e);
            }
        }
        var first = failures.getFirst();
        throw new UnreadableValueException(key + " cannot be read: " + first.getMessage(), first);
    }

    private byte[] open(String key, byte[] stored) {
        // Nearly all values are plain and stay so; they are passed on as they are.
        boolean plain = providers(configured.getFirst(), key) == Providers.PLAIN;
        if (plain && !PlainCipher.startsWith(stored, PlainCipher.ENCRYPTED)) return stored;
        return opened(key, stored).value();
    }

    private KeyValue open(KeyValue entry) {
        var value = open(entry.key(), entry.value());
        if (value == entry.value()) return entry;
        return new KeyValue(entry.key(), value, entry.createRevision(), entry.modRevision(), entry.version());
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public long compacted() {
        return store.compacted();
    }

    @Override
    public Optional<String> refusal() {
        return store.refusal();
    }

    @Override
    public Optional<KeyValue> get(String key) {
        return store.get(key).map(this::open);
    }

    @Override
    public Range range(String start, String end, long revision, int limit) {
        var range = store.range(start, end, revision, limit);
        return new Range(
                range.revision(), range.entries().stream().map(this::open).toList(), range.more());
    }

    @Override
    public long count(String start, String end, long revision) {
        return store.count(start, end, revision);
    }

    @Override
    public Outcome put(String key, byte[] value, long expected, Duration ttl) {
        var sealed = providers(configured.getFirst(), key).seal(value, context(key));
        return store.put(key, sealed, expected, ttl);
    }

    @Override
    public Outcome delete(String key, long expected) {
        return store.delete(key, expected);
    }

    @Override
    public Cursor watch(String prefix, long fromRevision) {
        var cursor = store.watch(prefix, fromRevision);
        return new Cursor() {
            @Override
            public List<Event> poll(Duration wait) throws InterruptedException {
                return cursor.poll(wait).stream().map(EncryptedStore.this::open).toList();
            }

            @Override
            public long reached() {
                return cursor.reached();
            }

            @Override
            public void close() {
                cursor.close();
            }
        };
    }

    private Event open(Event event) {
        var stored = event.value();
        if (stored == null) return event;
        var value = open(event.key(), stored);
        return value == stored ? event : new Event(event.revision(), event.key(), value, event.createRevision());
    }

    @Override
    public void compact(long revision) {
        store.compact(revision);
    }

    @Override
    public void rewriteFiles() {
        store.rewriteFiles();
    }

    @Override
    public void close() {
        store.close();
        configured.forEach(Encryption::close);
    }
}
