package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.Cursor;
import io.navarch.apiserver.cache.ExpiredException;
import io.navarch.apiserver.cache.Selection;
import io.navarch.apiserver.cache.Snapshot;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.Drain;
import io.navarch.apiserver.request.ForegroundGate;
import io.navarch.apiserver.request.ListOptions;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.request.SlowLane;
import io.navarch.objects.ApiException;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// WATCH: the state to begin with, then every change in order, until the client leaves or its time is up.
public final class WatchHandler implements ResourceHandler {
    private static final long BOOKMARK_MILLIS = 60_000;

    /// How long before its end a watch gets its last bookmark.
    private static final long LAST_BOOKMARK_MILLIS = 2_000;

    /// Without a limit of its own a watch lasts between 30 and 60 minutes, so that reconnections spread out.
    private static final long LASTING_MILLIS = 1_800_000;

    /// A year is as good as for ever, and can be counted in any unit.
    private static final long LONGEST_SECONDS = 31_536_000;

    /// After how many objects the process's own watches check whether somebody else is in more of a hurry, and how long
    /// they wait for that altogether.
    private static final int CHECKED = 256;

    /// So many objects are shown at once when somebody has to be asked for that.
    private static final int ASKED_AT_ONCE = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final CurrentObjects current;
    private final Rendering rendering;
    private final Drain drain;
    private final ForegroundGate foreground;
    private final SlowLane lane;
    /// Time that nobody can set.
    private final LongSupplier millis;
    private final RandomGenerator random;
    private final WatchMetrics metrics;

    public WatchHandler(
            CurrentObjects current,
            Rendering rendering,
            Drain drain,
            ForegroundGate foreground,
            SlowLane lane,
            LongSupplier millis,
            RandomGenerator random,
            WatchMetrics metrics) {
        this.current = current;
        this.rendering = rendering;
        this.drain = drain;
        this.foreground = foreground;
        this.lane = lane;
        this.millis = millis;
        this.random = random;
        this.metrics = metrics;
    }

    /// Where a watch begins: with a state, or with the changes after a revision.
    private static final class Beginning {
        private final long after;
        private @Nullable Snapshot state;

        Beginning(long after) {
            this.after = after;
        }

        Beginning(Snapshot state) {
            this.after = state.revision();
            this.state = state;
        }

        /// The state, once: a watch lasts long, and what there was at its start need not.
        Optional<Snapshot> takeState() {
            var taken = Optional.ofNullable(state);
            state = null;
            return taken;
        }
    }

    @Override
    public void serve(ResourceRequest called) throws IOException, InterruptedException {
        var request = called.ofMany();
        var selection = request.selection();
        var options = ListOptions.of(request.call(), true);
        var beginning = beginning(request, options);
        if (request.response().form().yaml()) {
            throw new ApiException(
                    ApiException.Reason.NOT_ACCEPTABLE,
                    "only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");
        }
        long timeout = Math.clamp(options.timeoutSeconds(), 0L, LONGEST_SECONDS) * 1000;
        long deadline = millis.getAsLong() + (timeout > 0 ? timeout : LASTING_MILLIS + random.nextLong(LASTING_MILLIS));
        var departure = new Departure(Thread.currentThread());
        request.call().onClose(departure);
        try {
            stream(request, selection, options, beginning, deadline, departure);
        } catch (IOException | InterruptedException e) {
            if (!departure.gone) throw e;
        }
    }

    /// Ends the watch when the client leaves; the serving thread may be waiting for changes then.
    private static final class Departure implements Runnable {
        private final Thread serving;
        private volatile boolean gone;

        Departure(Thread serving) {
            this.serving = serving;
        }

        @Override
        public void run() {
            gone = true;
            serving.interrupt();
        }
    }

    private Beginning beginning(ResourceRequest request, ListOptions options) throws InterruptedException {
        var cache = request.endpoint().cache();
        long after = options.revision();
        boolean state = options.initialEvents().orElse(after == 0);
        if (state) request.response().requireMemory(cache.bytes());
        if (options.version().isEmpty()) current.awaitLatest(cache);
        else if (state && after > 0) current.awaitRevision(cache, after);
        return state ? new Beginning(cache.snapshot()) : new Beginning(after == 0 ? cache.revision() : after);
    }

    private void stream(
            ResourceRequest request,
            Selection selection,
            ListOptions options,
            Beginning beginning,
            long deadline,
            Runnable leave)
            throws IOException, InterruptedException {
        var type = request.response().form().protobuf() ? Protobuf.MEDIA_TYPE + ";stream=watch" : ContentTypes.JSON;
        try (var sink = metrics.counting(request.endpoint(), WatchSink.open(request, type, leave))) {
            var events = new WatchEvents(request, selection, rendering, sink);
            // What others have to be asked for is not known to whoever tells of changes.
            var followed = request.endpoint().asks() ? selection.ofPlaces() : selection;
            try (var cursor = request.endpoint().cache().cursor(beginning.after, followed)) {
                sendState(request, selection, beginning, events, options.bookmarks());
                // From here on the watch costs what others do, and they pay for it.
                request.response().seat().leave();
                follow(cursor, options.bookmarks(), deadline, events);
            } catch (ExpiredException e) {
                events.expired(e);
            } catch (ApiException e) {
                events.failed(e);
            }
        }
    }

    private void sendState(
            ResourceRequest request, Selection selection, Beginning beginning, WatchEvents events, boolean bookmarks)
            throws IOException, InterruptedException {
        var state = beginning.takeState();
        if (state.isEmpty()) return;
        begin(request, selection, state.get(), events);
        if (bookmarks) events.bookmark(beginning.after, true);
    }

    private void begin(ResourceRequest request, Selection selection, Snapshot snapshot, WatchEvents events)
            throws IOException, InterruptedException {
        var cache = request.endpoint().cache();
        boolean own = request.call().trusted().isPresent();
        var patience = PATIENCE;
        int sent = 0;
        var asked = new ArrayList<StoredObject>();
        try (var turn = lane.turn(request.call(), request.response().seat())) {
            for (var stored : snapshot.below(selection.prefix())) {
                turn.step();
                if (own && ++sent % CHECKED == 0) patience = foreground.giveWay(patience);
                if (request.endpoint().asks()) {
                    asked.add(stored);
                    if (asked.size() == ASKED_AT_ONCE) show(asked, request, selection, events, turn);
                } else if (cache.readable(stored) && selection.matches(stored)) events.added(stored, turn);
            }
            show(asked, request, selection, events, turn);
        }
    }

    private static void show(
            List<StoredObject> asked,
            ResourceRequest request,
            Selection selection,
            WatchEvents events,
            SlowLane.Turn turn)
            throws IOException {
        if (!asked.isEmpty()) turn.pause();
        for (var shown : request.endpoint().shown(asked)) if (selection.matches(shown)) events.added(shown, turn);
        asked.clear();
    }

    private void follow(Cursor cursor, boolean bookmarks, long deadline, WatchEvents events)
            throws IOException, InterruptedException {
        long nextBookmark = millis.getAsLong() + BOOKMARK_MILLIS;
        long lastBookmark = deadline - LAST_BOOKMARK_MILLIS;
        while (true) {
            long now = millis.getAsLong();
            if (now >= deadline) return;
            long due = Math.min(nextBookmark, lastBookmark > now ? lastBookmark : deadline);
            long wait = Math.max(1, (bookmarks ? Math.min(due, deadline) : deadline) - now);
            var batch = cursor.poll(wait, drain::begun);
            if (batch.ended()) return;
            events.changed(batch.changes());
            boolean stopping = drain.begun() && batch.changes().isEmpty();
            if (bookmarks && (stopping || due < deadline && millis.getAsLong() >= due)) {
                events.bookmark(batch.revision(), false);
                nextBookmark = millis.getAsLong() + BOOKMARK_MILLIS;
            }
            if (stopping) return;
        }
    }
}
