package io.navarch.scheduler;

import java.util.HashMap;
import java.util.Map;

/// The pods that wait for their volumes before they are bound: until then they can be called back, and nobody else
/// knows that they had a place.
final class WaitingBindings {
    private final Map<String, Boolean> calledBack = new HashMap<>();

    synchronized void begin(String uid) {
        calledBack.put(uid, false);
    }

    synchronized boolean isCalledBack(String uid) {
        return calledBack.getOrDefault(uid, false);
    }

    /// Nothing calls it back from now on.
    ///
    /// @return whether it has been before
    synchronized boolean end(String uid) {
        return Boolean.TRUE.equals(calledBack.remove(uid));
    }

    /// @return false when it does not wait
    synchronized boolean callBack(String uid) {
        return calledBack.replace(uid, true) != null;
    }
}
