package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.Selection;
import io.navarch.apiserver.cache.Snapshot;
import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.request.ListOptions;
import io.navarch.model.ListMeta;
import io.navarch.objects.ApiException;
import io.navarch.schema.KindDefinition;
import io.navarch.store.Store;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Selects the objects that a list answers: all or a page of them, as of now, of any time, or of exactly one revision.
public final class Listing {
    /// How many entries are read from the store at once.
    private static final int BATCH = 500;

    private static final String TOO_OLD =
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter";

    private final Storage storage;
    private final CurrentObjects current;

    public Listing(Storage storage, CurrentObjects current) {
        this.storage = storage;
        this.current = current;
    }

    /// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list
    public Page page(ObjectCache cache, Selection selection, ListOptions options) throws InterruptedException {
        if (!options.continuation().isEmpty()) return next(cache, selection, options);
        long revision = options.revision();
        // A page of a named revision is a page of exactly that revision.
        boolean exact = options.match().equals(ListOptions.EXACT)
                || options.match().isEmpty() && options.limit() > 0 && revision > 0;
        if (exact) {
            current.awaitRevision(cache, revision);
            return at(cache, selection, revision, selection.prefix(), options.limit(), false);
        }
        if (options.version().isEmpty()) current.awaitLatest(cache);
        else current.awaitRevision(cache, revision);
        // A client that takes any state gets all of it at once.
        long limit = options.version().equals("0") ? 0 : options.limit();
        return of(cache, cache.snapshot(), selection, selection.prefix(), limit);
    }

    private Page next(ObjectCache cache, Selection selection, ListOptions options) throws InterruptedException {
        var token = ContinueToken.decode(options.continuation());
        if (!options.version().isEmpty() && !options.version().equals("0")) {
            throw ApiException.badRequest("specifying resource version is not allowed when using continue");
        }
        var start = selection.prefix() + token.start();
        if (token.revision() < 0) {
            current.awaitLatest(cache);
            return of(cache, cache.snapshot(), selection, start, options.limit());
        }
        current.awaitRevision(cache, token.revision());
        return at(cache, selection, token.revision(), start, options.limit(), true);
    }

    private Page at(
            ObjectCache cache, Selection selection, long revision, String start, long limit, boolean continued) {
        var kept = cache.at(revision);
        if (kept.isPresent()) return of(cache, kept.get(), selection, start, limit);
        try {
            return ofStore(cache.kind(), selection, revision, start, limit);
        } catch (Store.CompactedException e) {
            throw continued
                    ? expired(start.substring(selection.prefix().length()))
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

    private static Page of(ObjectCache cache, Snapshot snapshot, Selection selection, String start, long limit) {
        var end = Store.prefixEnd(selection.prefix());
        var all = snapshot.objects().range(start, end);
        if (limit <= 0) return new Page(snapshot.revision(), matching(all, selection));
        var page = new ArrayList<StoredObject>();
        for (var stored : matching(all, selection)) {
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

    private Page ofStore(KindDefinition kind, Selection selection, long revision, String start, long limit) {
        var end = Store.prefixEnd(selection.prefix());
        var all = new StoreWalk(kind, start, end, revision);
        if (limit <= 0) return new Page(revision, matching(() -> all, selection));
        var page = new ArrayList<StoredObject>();
        for (var stored : matching(() -> all, selection)) {
            page.add(stored);
            if (page.size() == limit) break;
        }
        if (!all.hasNext()) return new Page(revision, page);
        var rest = page.getLast().key() + "\0";
        return new Page(
                revision,
                page,
                Optional.of(token(revision, page, selection)),
                selection.everything()
                        ? OptionalLong.of(storage.store().count(rest, end, revision))
                        : OptionalLong.empty());
    }

    private static Iterable<StoredObject> matching(Iterable<StoredObject> all, Selection selection) {
        return selection.everything() ? all : () -> new Matching(all.iterator(), selection);
    }

    private static final class Matching implements Iterator<StoredObject> {
        private final Iterator<StoredObject> all;
        private final Selection selection;
        /// The next match once it has been found.
        private @Nullable StoredObject next;

        Matching(Iterator<StoredObject> all, Selection selection) {
            this.all = all;
            this.selection = selection;
        }

        @Override
        public boolean hasNext() {
            while (next == null && all.hasNext()) {
                var candidate = all.next();
                if (selection.picks(candidate)) next = candidate;
            }
            return next != null;
        }

        @Override
        public StoredObject next() {
            var result = hasNext() ? next : null;
            if (result == null) throw new NoSuchElementException();
            next = null;
            return result;
        }
    }

    /// Walks one revision of the store, a batch of entries at a time.
    private final class StoreWalk implements Iterator<StoredObject> {
        private final KindDefinition kind;
        private final String end;
        private final long revision;
        private final Deque<Store.KeyValue> batch = new ArrayDeque<>();
        /// Where the next batch starts; `null` after the last one.
        private @Nullable String start;

        StoreWalk(KindDefinition kind, String start, String end, long revision) {
            this.kind = kind;
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
            return StoredObject.of(entry.key(), entry.value(), entry.modRevision(), kind);
        }
    }
}
