package io.navarch.reconcile;

/// Why something is as it is: a value that a decision carries, and that conditions, Events and logs render.
public interface Reason {
    /// One word in CamelCase, which clients may match: `FailedCreate`.
    String reason();

    /// A sentence for people.
    String message();

    /// A reason whose sentence has no parts of its own.
    static Reason of(String reason, String message) {
        return new Plain(reason, message);
    }

    record Plain(String reason, String message) implements Reason {}
}
