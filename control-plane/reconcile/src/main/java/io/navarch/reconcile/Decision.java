package io.navarch.reconcile;

import java.time.Duration;
import java.util.List;

/// What to do, and when to look again although nothing has changed (`null`: only on changes).
public record Decision(List<Action> actions, Duration lookAgain) {
    public static final Decision NOTHING = new Decision(List.of(), null);

    public static Decision of(List<Action> actions) {
        return new Decision(actions, null);
    }
}
