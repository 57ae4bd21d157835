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

    byte[] title() {
        return name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    }
}
