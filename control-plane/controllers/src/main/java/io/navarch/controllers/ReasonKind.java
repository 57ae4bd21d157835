package io.navarch.controllers;

import io.navarch.reconcile.Reason;

/// One kind of reason that a controller gives; each controller lists its own in an enumeration.
public interface ReasonKind {
    /// One word in CamelCase, which clients may match.
    String reason();

    /// A sentence in which `{}` stands for what it is about.
    String text();

    default Reason about(String subject) {
        return new About(this, subject);
    }

    /// The reason of a sentence that is about nothing in particular.
    default Reason plain() {
        return about("");
    }

    record About(ReasonKind kind, String subject) implements Reason {
        @Override
        public String reason() {
            return kind.reason();
        }

        @Override
        public String message() {
            return kind.text().replace("{}", subject);
        }
    }
}
