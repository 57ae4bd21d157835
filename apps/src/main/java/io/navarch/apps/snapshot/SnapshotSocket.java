package io.navarch.apps.snapshot;

import io.navarch.process.TaskScope;
import io.navarch.store.StoreSnapshot;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives what a running server stores to whoever may enter its data directory and connects to a socket there, one after
/// the other.
public final class SnapshotSocket implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSocket.class);

    /// As much of a path as a socket's address holds.
    private static final int LONGEST_PATH = 107;

    private final SnapshotFile.Source source;
    private final Path path;
    private final @Nullable ServerSocketChannel listener;
    private volatile @Nullable SocketChannel client;

    public SnapshotSocket(Path data, SnapshotFile.Source source) throws IOException {
        this.source = source;
        path = path(data);
        if (path.toString().length() > LONGEST_PATH) {
            LOG.warn(
                    "the name of {} is too long for a socket: `navarch snapshot save` works while the server is down"
                            + " only",
                    data);
            listener = null;
            return;
        }
        // One of before; the store's lock says that nobody else listens.
        Files.deleteIfExists(path);
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path));
    }

    private static Path path(Path data) {
        return data.toAbsolutePath().resolve("snapshot.sock");
    }

    public void start(TaskScope scope) {
        var open = listener;
        if (open == null) return;
        scope.start("snapshot-socket", () -> {
            while (open.isOpen()) {
                try (var accepted = open.accept()) {
                    client = accepted;
                    var contents = source.write(Channels.newOutputStream(accepted));
                    LOG.info("a snapshot of revision {} was taken, {} keys", contents.revision(), contents.keys());
                } catch (AsynchronousCloseException e) {
                    return;
                } catch (ClosedChannelException e) {
                    LOG.debug("a snapshot ends with the server");
                } catch (IOException e) {
                    LOG.warn("a snapshot was not taken to its end: {}", e.getMessage());
                } finally {
                    client = null;
                }
            }
        });
    }

    /// A server's store, if one runs with this data directory.
    public static Optional<SnapshotFile.Source> running(Path data) {
        var path = path(data);
        if (path.toString().length() > LONGEST_PATH || !Files.exists(path)) return Optional.empty();
        try {
            var channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
            return Optional.of(out -> copied(channel, out));
        } catch (IOException e) {
            // Left by one that was killed.
            return Optional.empty();
        }
    }

    private static StoreSnapshot.Contents copied(SocketChannel channel, OutputStream out) throws IOException {
        try (channel;
                var in = new BufferedInputStream(Channels.newInputStream(channel), 64 << 10)) {
            return StoreSnapshot.copy(in, out);
        }
    }

    @Override
    public void close() {
        var open = listener;
        if (open == null) return;
        try {
            open.close();
            var with = client;
            if (with != null) with.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("{} is left: {}", path, e.toString());
        }
    }
}
