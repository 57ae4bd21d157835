package io.navarch.schema.admission;

/// The operations that admission distinguishes, by the names that rules and webhooks use.
public enum Operation {
    CREATE,
    UPDATE,
    DELETE
}
