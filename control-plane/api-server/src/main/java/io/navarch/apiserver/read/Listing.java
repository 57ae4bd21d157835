package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.Selection;
import io.navarch.apiserver.cache.Snapshot;
import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.request.ListOptions;
import io.navarch.apiserver.request.SlowLane;
import io.navarch.model.ListMeta;
import io.navarch.objects.ApiException;
import io.navarch.store.Store;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Selects the objects that a list answers: all or a page of them, as of now, of any time, or of exactly one revision.
public final class Listing {
    /// How many entries are read from the store at once.
    private static final int BATCH = 500;

    /// What is read from the store for one page is in memory for it alone: a page may have fewer than it could.
    private static final long PAGE_BYTES = 8 << 20;

    private static final String TOO_OLD =
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter";

    private final Storage storage;
    private final CurrentObjects current;

    public Listing(Storage storage, CurrentObjects current) {
        this.storage = storage;
        this.current = current;
    }

    /// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list
    ///
    /// @param shown as in [Picking]
    public Page page(
            ObjectCache cache,
            Selection selection,
            ListOptions options,
            Optional<UnaryOperator<List<StoredObject>>> shown,
            SlowLane.Turn turn)
            throws InterruptedException {
        return page(cache, new Picking(selection, shown, turn), options);
    }

    private Page page(ObjectCache cache, Picking picking, ListOptions options) throws InterruptedException {
        if (!options.continuation().isEmpty()) return next(cache, picking, options);
        long revision = options.revision();
        // A page of a named revision is a page of exactly that revision.
        boolean exact = options.match().equals(ListOptions.EXACT)
                || options.match().isEmpty() && options.limit() > 0 && revision > 0;
        if (exact) {
            current.awaitRevision(cache, revision);
            return at(cache, picking, revision, picking.prefix(), options.limit(), false);
        }
        if (options.version().isEmpty()) current.awaitLatest(cache);
        else current.awaitRevision(cache, revision);
        // A client that takes any state gets all of it at once.
        long limit = options.version().equals("0") ? 0 : options.limit();
        return of(cache, cache.snapshot(), picking, picking.prefix(), limit);
    }

    private Page next(ObjectCache cache, Picking picking, ListOptions options) throws InterruptedException {
        var token = ContinueToken.decode(options.continuation());
        if (!options.version().isEmpty() && !options.version().equals("0")) {
            throw ApiException.badRequest("specifying resource version is not allowed when using continue");
        }
        var start = picking.prefix() + token.start();
        if (token.revision() < 0) {
            current.awaitLatest(cache);
            return of(cache, cache.snapshot(), picking, start, options.limit());
        }
        current.awaitRevision(cache, token.revision());
        return at(cache, picking, token.revision(), start, options.limit(), true);
    }

    private Page at(ObjectCache cache, Picking picking, long revision, String start, long limit, boolean continued) {
        var kept = cache.at(revision);
        if (kept.isPresent()) return of(cache, kept.get(), picking, start, limit);
        try {
            return ofStore(cache, picking, revision, start, limit);
        } catch (Store.CompactedException e) {
            throw continued
                    ? expired(start.substring(picking.prefix().length()))
                    : new ApiException(
                            ApiException.Reason.EXPIRED, "The resourceVersion for the provided list is too old.");
        }
    }

    /// The client can still get the rest, as it is now.
    private static ApiException expired(String start) {
        return new ApiException(
                        ApiException.Reason.EXPIRED,
                        TOO_OLD
                                + ", or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.")
                .withMetadata(ListMeta.builder()
                        .continueValue(new ContinueToken(-1, start).encode())
                        .map());
    }

    private static Page of(ObjectCache cache, Snapshot snapshot, Picking picking, String start, long limit) {
        var selection = picking.selection();
        var end = Store.prefixEnd(selection.prefix());
        var all = snapshot.objects().range(start, end);
        if (limit <= 0) return new Page(snapshot.revision(), picking.of(all, limit));
        var page = new ArrayList<StoredObject>();
        for (var stored : picking.of(all, limit)) {
            page.add(stored);
            if (page.size() == limit) break;
        }
        if (page.size() < limit) return new Page(snapshot.revision(), page);
        int after = snapshot.objects().rank(page.getLast().key() + "\0");
        int left = snapshot.objects().rank(end) - after;
        if (left == 0) return new Page(snapshot.revision(), page);
        cache.keep(snapshot);
        return new Page(
                snapshot.revision(),
                page,
                Optional.of(token(snapshot.revision(), page, selection)),
                selection.everything() ? OptionalLong.of(left) : OptionalLong.empty());
    }

    private static String token(long revision, List<StoredObject> page, Selection selection) {
        var start = page.getLast().key().substring(selection.prefix().length()) + "\0";
        return new ContinueToken(revision, start).encode();
    }

    private Page ofStore(ObjectCache cache, Picking picking, long revision, String start, long limit) {
        var selection = picking.selection();
        var end = Store.prefixEnd(selection.prefix());
        var all = new StoreWalk(cache, start, end, revision);
        if (limit <= 0) return new Page(revision, picking.of(() -> all, limit));
        var page = new ArrayList<StoredObject>();
        long bytes = 0;
        for (var stored : picking.of(() -> all, limit)) {
            page.add(stored);
            bytes += stored.json().length;
            if (page.size() == limit || bytes > PAGE_BYTES) break;
        }
        if (page.isEmpty() || !all.hasNext()) return new Page(revision, page);
        var rest = page.getLast().key() + "\0";
        return new Page(
                revision,
                page,
                Optional.of(token(revision, page, selection)),
                selection.everything()
                        ? OptionalLong.of(storage.store().count(rest, end, revision))
                        : OptionalLong.empty());
    }

    /// Walks one revision of the store, a batch of entries at a time.
    private final class StoreWalk implements Iterator<StoredObject> {
        private final ObjectCache cache;
        private final String end;
        private final long revision;
        private final Deque<Store.KeyValue> batch = new ArrayDeque<>();
        /// Where the next batch starts; `null` after the last one.
        private @Nullable String start;

        StoreWalk(ObjectCache cache, String start, String end, long revision) {
            this.cache = cache;
            this.start = start;
            this.end = end;
            this.revision = revision;
            fill();
        }

        private void fill() {
            var from = start;
            if (from == null) return;
            var range = storage.store().range(from, end, revision, BATCH);
            batch.addAll(range.entries());
            start = range.more() ? range.entries().getLast().key() + "\0" : null;
        }

        @Override
        public boolean hasNext() {
            if (batch.isEmpty()) fill();
            return !batch.isEmpty();
        }

        @Override
        public StoredObject next() {
            if (!hasNext()) throw new NoSuchElementException();
            var entry = batch.remove();
            return cache.ofStore(entry);
        }
    }
}
