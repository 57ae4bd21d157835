package io.navarch.agent.localpath;

import io.navarch.objects.ObjectKey;
import io.navarch.process.Backoff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// When it is which object's turn: one turn for each at a time, and what fails comes back later and later, however
/// often somebody asks for it meanwhile who merely sees that it has failed. Times are those of [System#nanoTime].
final class Turns {
    private final Backoff backoff;
    private final Map<ObjectKey, Turn> all = new HashMap<>();

    private static final class Turn {
        private long at;
        private int failures;
        private boolean taken;
        private boolean again;

        private Turn(long at) {
            this.at = at;
        }
    }

    Turns(Backoff backoff) {
        this.backoff = backoff;
    }

    /// Something has changed.
    ///
    /// @param renewed whether something else is to be done than before: that does not wait for what has failed
    void ask(ObjectKey key, boolean renewed, long now) {
        var turn = all.computeIfAbsent(key, none -> new Turn(now));
        if (!renewed) return;
        turn.failures = 0;
        turn.at = now;
        turn.again = turn.taken;
    }

    /// Whose turn it is now, until it has [#ended].
    List<ObjectKey> due(long now) {
        var due = new ArrayList<ObjectKey>();
        all.forEach((key, turn) -> {
            if (turn.taken || turn.at - now > 0) return;
            turn.taken = true;
            due.add(key);
        });
        return due;
    }

    /// How long it is until the next one's turn, empty while nobody waits for one.
    OptionalLong pause(long now) {
        return all.values().stream()
                .filter(turn -> !turn.taken)
                .mapToLong(turn -> Math.max(0, turn.at - now))
                .min();
    }

    /// @param done false when it is to be tried again
    void ended(ObjectKey key, boolean done, long now) {
        var turn = all.get(key);
        if (turn == null || !turn.taken) throw new IllegalStateException("it is not the turn of " + key);
        turn.taken = false;
        if (turn.again) turn.again = false;
        else if (done) all.remove(key);
        else turn.at = now + backoff.after(++turn.failures).toNanos();
    }
}
