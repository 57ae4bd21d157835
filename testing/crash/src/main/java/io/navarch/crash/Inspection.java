package io.navarch.crash;

import io.navarch.client.Client;
import io.navarch.model.Namespace;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks at a server that has come back: whether everything is there that was acknowledged, and nothing half.
final class Inspection {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Ledger ledger;
    private final List<Follower> followers;
    private final Tally tally;

    Inspection(Ledger ledger, List<Follower> followers, Tally tally) {
        this.ledger = ledger;
        this.followers = followers;
        this.tally = tally;
    }

    private void of(Client client) throws InterruptedException {
        long before = ledger.newest();
        // Objects are listed after their namespaces, which go last.
        var existing = namespaces(client, before);
        var shown = new HashMap<Id, Seen>();
        for (var kind : Kind.ALL) {
            for (var object : list(client, kind.type(), before)) {
                var id = kind.id(object.key());
                if (!existing.contains(object.namespace()))
                    tally.finding("half", id + " is there, and its namespace is not");
                if (ours(id)) shown.put(id, kind.seen(object));
            }
        }
        judge(ledger.compare(shown, kinds(Kind.ALL)));
        watches(client, shown);
    }

    private boolean ours(Id id) {
        if (!id.key().name().startsWith(Load.PREFIX)) return false;
        return id.key().namespace().matches("crash-[0-9]+") || ledger.objects().containsKey(id);
    }

    private static Set<String> kinds(List<Kind<?>> kinds) {
        var names = new HashSet<String>();
        for (var kind : kinds) names.add(kind.type().plural());
        return names;
    }

    private void judge(Ledger.Verdict verdict) {
        tally.add("objects compared", verdict.checked());
        tally.add("unanswered and done", verdict.settled());
        verdict.lost().forEach((id, why) -> tally.finding("lost", id + ": " + why));
        verdict.half().forEach((id, why) -> tally.finding("half", id + " " + why));
    }

    private List<View> list(Client client, ResourceType<?> type, long before) {
        var list = client.list(type, "", "");
        long at = Long.parseLong(list.resourceVersion());
        if (at < before) tally.finding("revision", type.plural() + " are listed at " + at + " after " + before);
        ledger.told(at);
        return list.get("items").views();
    }

    /// Their revisions change by others.
    private Set<String> namespaces(Client client, long before) {
        var existing = new HashSet<String>();
        var shown = new HashMap<Id, Seen>();
        for (var object : list(client, Resources.NAMESPACES, before)) {
            existing.add(object.name());
            var id = Load.id(object.name());
            var known = ledger.of(id);
            if (object.name().startsWith("crash-") && !Namespace.of(object).deleting())
                shown.put(id, new Seen(Math.max(1, known.revision() + (known.present() ? 0 : 1)), 1, true));
        }
        judge(ledger.compare(shown, Set.of(Resources.NAMESPACES.plural())));
        return existing;
    }

    /// Watches are given a write each, and all that was before it must have come by then.
    private void watches(Client client, Map<Id, Seen> shown) throws InterruptedException {
        for (int i = 0; i < followers.size(); i++) {
            var kind = Kind.CHANGING.get(i);
            long fence = fence(client, kind);
            if (!reached(followers.get(i), fence)) {
                tally.finding("watch", kind.type().plural() + " do not come to " + fence);
                continue;
            }
            tally.add("watch checks");
            compare(kind, followers.get(i).objects(), shown);
        }
    }

    private void compare(Kind<?> kind, Map<ObjectKey, Long> followed, Map<Id, Seen> shown) {
        shown.forEach((id, seen) -> {
            if (!id.kind().equals(kind.type().plural())) return;
            var revision = followed.get(id.key());
            if (revision == null || revision != seen.revision())
                tally.finding("watch", id + " is " + seen + ", and watches have told of " + revision);
        });
        for (var key : followed.keySet())
            if (ours(kind.id(key)) && !shown.containsKey(kind.id(key)))
                tally.finding("watch", kind.id(key) + " is gone, and watches have not told");
    }

    private <T extends Lens> long fence(Client client, Kind<T> kind) {
        var key = new ObjectKey(Load.namespace(0), "fence");
        var written = client.apply(kind.type(), kind.make(key, Math.max(1, ledger.newest()), 0));
        long revision = Long.parseLong(View.over(written).resourceVersion());
        ledger.told(revision);
        return revision;
    }

    private static boolean reached(Follower follower, long revision) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (follower.position() < revision) {
            if (System.nanoTime() > end) return false;
            Thread.sleep(5);
        }
        return true;
    }

    /// @return whether the server has answered all of it
    boolean done(Client client) throws InterruptedException {
        try {
            of(client);
            return true;
        } catch (ApiException e) {
            tally.finding("answer", "a server that nobody has killed: " + e.getMessage());
            return false;
        }
    }
}
