package io.navarch.agent.volumes;

import java.nio.charset.StandardCharsets;

/// A file of a volume as it is to be.
record FileContent(byte[] bytes, int mode) {
    static FileContent of(String text, int mode) {
        return new FileContent(text.getBytes(StandardCharsets.UTF_8), mode);
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
