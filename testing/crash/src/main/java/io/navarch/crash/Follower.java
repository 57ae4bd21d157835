package io.navarch.crash;

import io.navarch.client.Client;
import io.navarch.client.Events;
import io.navarch.model.Status;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Follows a kind by watches, over the deaths of servers: each goes on where the one before it ended. What events say
/// must fit what was known before, and what they make of it must be what a list shows.
final class Follower {
    private static final int GONE = 410;

    private final Kind<?> kind;
    private final Ledger ledger;
    private final Tally tally;
    /// Guarded by this, as what follows.
    private Map<ObjectKey, Long> objects = new HashMap<>();

    private long position;
    private boolean stopped;
    private boolean resuming;
    private @Nullable Events open;
    private @Nullable Thread thread;

    Follower(Kind<?> kind, Ledger ledger, Tally tally) {
        this.kind = kind;
        this.ledger = ledger;
        this.tally = tally;
    }

    synchronized void clear() {
        objects = new HashMap<>();
        position = 0;
    }

    synchronized long position() {
        return position;
    }

    synchronized Map<ObjectKey, Long> objects() {
        return Map.copyOf(objects);
    }

    synchronized void start(Client client) {
        stopped = false;
        resuming = position > 0;
        thread = Thread.ofVirtual().start(() -> run(client));
    }

    void stop() throws InterruptedException {
        Thread ending;
        synchronized (this) {
            stopped = true;
            if (open != null) open.close();
            ending = thread;
        }
        if (ending != null) ending.join();
    }

    private void run(Client client) {
        while (true) {
            try {
                if (position() == 0) list(client);
                follow(client);
            } catch (ApiException e) {
                // A server that has forgotten may say so.
                if (e.code() == GONE && expired()) continue;
            } catch (IOException | RuntimeException e) {
                // The connection broke.
            }
            synchronized (this) {
                if (stopped) return;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized boolean expired() {
        tally.add("watches too late");
        position = 0;
        return !stopped;
    }

    private void list(Client client) {
        var list = client.list(kind.type(), "", "");
        synchronized (this) {
            if (ledger.deaf()) return;
            objects = new HashMap<>();
            for (var item : list.get("items").views()) objects.put(item.key(), Long.parseLong(item.resourceVersion()));
            position = Long.parseLong(list.resourceVersion());
        }
    }

    private void follow(Client client) throws IOException {
        var uri = kind.type().path("", "", "") + "?watch=true&allowWatchBookmarks=true&resourceVersion=" + position();
        try (var events = client.watch(uri)) {
            synchronized (this) {
                open = events;
                if (stopped) return;
            }
            for (var event = events.next(); event.isPresent() && !ledger.deaf(); event = events.next())
                apply(event.get());
        } catch (Json.MalformedException e) {
            throw new IOException(e);
        }
    }

    private synchronized void apply(Events.Event event) {
        if (ledger.deaf()) return;
        var object = event.object().view();
        if (event.type().equals("ERROR"))
            throw ApiException.of(Status.of(object).codeOr(500), object);
        long revision = Long.parseLong(object.resourceVersion());
        if (resuming) tally.add("watches resumed");
        resuming = false;
        if (event.type().equals("BOOKMARK")) {
            if (revision < position) wrong(event.type(), object, "after " + position);
            position = revision;
            return;
        }
        tally.add("watch events");
        if (revision <= position) wrong(event.type(), object, "after " + position);
        boolean known = objects.containsKey(object.key());
        if (known == event.type().equals("ADDED")) wrong(event.type(), object, known ? "and is known" : "and is not");
        if (event.type().equals("DELETED")) objects.remove(object.key());
        else objects.put(object.key(), revision);
        position = revision;
        ledger.told(revision);
    }

    private void wrong(String type, View object, String why) {
        tally.finding("watch", type + " " + kind.id(object.key()) + " at " + object.resourceVersion() + " " + why);
    }
}
