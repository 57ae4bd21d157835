package io.navarch.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A directory on a disk that never loses power.
record PlainDisk(Path data) implements Disk {
    static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) return;
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }

    @Override
    public void clear() throws IOException {
        remove(data);
    }

    @Override
    public void cut() {}

    @Override
    public void restore() {}

    @Override
    public void close() throws IOException {
        clear();
    }
}
