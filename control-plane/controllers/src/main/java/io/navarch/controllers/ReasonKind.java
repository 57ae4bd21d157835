package io.navarch.controllers;

import io.navarch.reconcile.Reason;

/// One kind of reason that a controller gives; each controller names its own as constants of a class.
///
/// @param reason one word in CamelCase, which clients may match
/// @param text a sentence in which `{}` stands for what it is about
public record ReasonKind(String reason, String text) {
    public Reason about(String subject) {
        return new About(this, subject);
    }

    /// The reason of a sentence that is about nothing in particular.
    public Reason plain() {
        return about("");
    }

    record About(ReasonKind kind, String subject) implements Reason {
        @Override
        public String reason() {
            return kind.reason;
        }

        @Override
        public String message() {
            return kind.text.replace("{}", subject);
        }
    }
}
