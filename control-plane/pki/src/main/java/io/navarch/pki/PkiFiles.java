package io.navarch.pki;

import io.navarch.process.AtomicFile;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The directory of keys and certificates. Every file is written at once or not at all, and nobody else reads it.
///
/// The running server and the commands change it one after the other: whoever changes something holds the lock.
record PkiFiles(Path directory) {
    private static final String LOCK = ".lock";
    private static final int TRIES = 500;
    private static final long PAUSE_MILLIS = 20;

    /// Changes something of the directory.
    interface Change<T> {
        T make() throws IOException;
    }

    boolean exists(String name) {
        return Files.exists(directory.resolve(name));
    }

    String read(String name) throws IOException {
        // A damaged one need not be UTF-8.
        return Files.readString(directory.resolve(name), StandardCharsets.ISO_8859_1);
    }

    /// What a file holds without which nothing goes on.
    ///
    /// @throws IOException naming the file, which is missing or damaged: nobody makes another one instead, since it
    /// would not be what others know
    Keys.Blocks blocks(String name) throws IOException {
        try {
            return Keys.read(read(name));
        } catch (NoSuchFileException e) {
            throw missing(name);
        } catch (IOException | GeneralSecurityException e) {
            throw damaged(name, String.valueOf(e.getMessage()));
        }
    }

    IOException missing(String name) {
        return missing(name, "");
    }

    /// @param otherwise what else can be done
    IOException missing(String name, String otherwise) {
        var or = otherwise.isEmpty() ? "" : ", " + otherwise;
        return new IOException(name + " is missing: restore it from a backup" + or + " (nothing was changed)");
    }

    IOException damaged(String name, String why) {
        return new IOException(name + " is damaged (" + why + "): restore it from a backup (nothing was changed)");
    }

    void write(String name, String text) throws IOException {
        AtomicFile.write(directory.resolve(name), text.getBytes(StandardCharsets.US_ASCII), "rw-------");
    }

    void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    /// The names of the files that end so, without that end.
    List<String> ending(String end) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(end))
                    .map(name -> name.substring(0, name.length() - end.length()))
                    .sorted()
                    .toList();
        }
    }

    <T> T locked(Change<T> change) throws IOException {
        Files.createDirectories(directory);
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try (var channel = FileChannel.open(directory.resolve(LOCK), options, mine);
                var lock = lock(channel)) {
            if (!lock.isValid()) throw new IOException("the lock of " + directory + " is lost");
            return change.make();
        }
    }

    private FileLock lock(FileChannel channel) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            var lock = tried(channel);
            if (lock != null) return lock;
            try {
                TaskScope.pause(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        throw new IOException("somebody else is changing " + directory);
    }

    /// Threads of one process do not wait for each other by themselves.
    private static @Nullable FileLock tried(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
