package io.navarch.store;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// See [Rows]. The first is the one that each database has.
enum Family {
    DEFAULT,
    VERSIONS,
    NEWEST,
    LOG,
    EXPIRY;

    /// Whether what is written comes after what is there. No file of such rows overlaps another: levels would only move
    /// them, and keep each that was ever written out, however small.
    boolean ascending() {
        return this == LOG || this == EXPIRY;
    }

    byte[] title() {
        return name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    }
}
