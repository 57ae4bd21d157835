package io.navarch.agent.volumes;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// A file of a volume as it is to be.
///
/// @param user to whom it belongs, empty for root
record FileContent(byte[] bytes, int mode, OptionalLong user) {
    FileContent(byte[] bytes, int mode) {
        this(bytes, mode, OptionalLong.empty());
    }

    static FileContent of(String text, int mode) {
        return new FileContent(text.getBytes(StandardCharsets.UTF_8), mode);
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
