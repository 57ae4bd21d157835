package io.navarch.apps.snapshot;

import io.navarch.store.StoreRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One at a time has a data directory: a server as long as it lives, or who puts a snapshot in place. By whatever name
/// or option it was found, the lock is the same; it ends with its process, however that ends.
public final class DataLock implements Closeable {
    static final String NAME = "lock";

    private final Path data;
    private final FileChannel channel;

    private DataLock(Path data, FileChannel channel) {
        this.data = data;
        this.channel = channel;
    }

    /// @param data is made if it is not there
    /// @throws StoreRefusedException when somebody else has it
    public static DataLock take(Path data) throws IOException {
        Files.createDirectories(
                data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var channel = FileChannel.open(data.resolve(NAME), options, mine);
        try {
            if (tried(channel) != null) return new DataLock(data, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new StoreRefusedException(
                "a server runs with " + data + ", or a snapshot is restored there: stop it first"
                        + " (navarch down --data-dir " + data + "); nothing was changed");
    }

    private static @Nullable FileLock tried(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path data() {
        return data;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
