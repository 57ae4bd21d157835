package io.navarch.apps.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Sees to it that what has been written is there after a loss of power.
final class Durable {
    private Durable() {}

    /// A directory with all below it.
    static void tree(Path directory) throws IOException {
        try (var walk = Files.walk(directory)) {
            for (var path : walk.toList()) {
                if (Files.isSymbolicLink(path)) continue;
                boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
                try (var channel = FileChannel.open(path, file ? StandardOpenOption.WRITE : StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }
}
