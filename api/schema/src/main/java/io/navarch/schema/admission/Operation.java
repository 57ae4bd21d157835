package io.navarch.schema.admission;

/// The operations that admission distinguishes, by the names that rules and webhooks use.
public enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    /// Of a subresource that leads elsewhere: exec, proxy. Only those see it who are asked at run time.
    CONNECT
}
