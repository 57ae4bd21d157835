package io.navarch.crash;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// What servers have acknowledged, and what they have been asked and never answered.
final class Ledger {
    /// A write that was sent.
    ///
    /// @param number 0 for a deletion
    record Sent(long number) {
        boolean deletes() {
            return number == 0;
        }
    }

    /// @param number 0 for what is not there
    /// @param sent a write of which nobody knows what became of it
    record Known(long revision, long number, Optional<Sent> sent) {
        static final Known NOTHING = new Known(0, 0, Optional.empty());

        boolean present() {
            return number != 0;
        }
    }

    private final Map<Id, Known> objects = new ConcurrentHashMap<>();
    private final AtomicLong newest = new AtomicLong();
    private volatile boolean deaf;

    /// Whether answers count. As the power goes, the kernel may tell whoever waits for a flush that it is done, though
    /// it never will be: what is answered from then on proves nothing.
    void listen(boolean listening) {
        deaf = !listening;
    }

    boolean deaf() {
        return deaf;
    }

    void clear() {
        objects.clear();
        newest.set(0);
    }

    /// The highest revision that any answer or watch has told of.
    long newest() {
        return newest.get();
    }

    void told(long revision) {
        newest.accumulateAndGet(revision, Math::max);
    }

    Known of(Id id) {
        return objects.getOrDefault(id, Known.NOTHING);
    }

    Map<Id, Known> objects() {
        return Map.copyOf(objects);
    }

    void sent(Id id, long number) {
        var known = of(id);
        objects.put(id, new Known(known.revision, known.number, Optional.of(new Sent(number))));
    }

    void refused(Id id) {
        var known = of(id);
        objects.put(id, new Known(known.revision, known.number, Optional.empty()));
    }

    /// @param revision 0 where the answer tells none
    void acknowledged(Id id, long revision, long number) {
        told(revision);
        objects.put(id, new Known(revision, number, Optional.empty()));
    }

    /// From now on anything may be true of it.
    void letGo(Id id) {
        objects.remove(id);
    }

    /// What the comparison with what is there has brought to light.
    ///
    /// @param settled what was sent and never answered, and has been done
    record Verdict(long checked, long settled, Map<Id, String> lost, Map<Id, String> half) {}

    /// Compares with all that is there of some kinds; what nobody knew of is known from now on.
    ///
    /// @param shown everything there is of these kinds that is the load's
    Verdict compare(Map<Id, Seen> shown, Set<String> kinds) {
        var lost = new HashMap<Id, String>();
        var half = new HashMap<Id, String>();
        long checked = 0;
        long settled = 0;
        shown.forEach((id, seen) -> {
            if (!seen.whole()) half.put(id, "is " + seen);
            else if (!objects.containsKey(id)) lost.put(id, "was never written, or is deleted, and is " + seen);
        });
        for (var entry : objects().entrySet()) {
            var id = entry.getKey();
            if (!kinds.contains(id.kind())) continue;
            checked++;
            var known = entry.getValue();
            var seen = Optional.ofNullable(shown.get(id));
            boolean asAcknowledged = known.present()
                    ? seen.isPresent()
                            && seen.get().revision() == known.revision
                            && seen.get().number() == known.number
                    : seen.isEmpty();
            boolean asSent = known.sent
                    .map(sent -> sent.deletes()
                            ? seen.isEmpty()
                            : seen.isPresent()
                                    && seen.get().number() == sent.number
                                    && seen.get().revision() > known.revision)
                    .orElse(false);
            if (!asAcknowledged && !asSent) lost.put(id, known + ", but " + seen);
            if (asSent && !asAcknowledged) settled++;
            objects.put(
                    id,
                    seen.map(now -> new Known(now.revision(), now.number(), Optional.empty()))
                            .orElse(Known.NOTHING));
        }
        return new Verdict(checked, settled, lost, half);
    }
}
