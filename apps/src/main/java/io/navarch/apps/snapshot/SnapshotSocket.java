package io.navarch.apps.snapshot;

import io.navarch.process.TaskScope;
import io.navarch.store.StoreSnapshot;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives what a running server stores to whoever may enter its data directory and connects to a socket there, one after
/// the other. Who takes nothing for long is let go: others wait, and the store keeps all that it has once begun to
/// give.
public final class SnapshotSocket implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSocket.class);

    /// As many bytes of a path as a socket's address holds.
    private static final int LONGEST_PATH = 107;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 1000;

    private final SnapshotFile.Source source;
    private final Duration patience;
    private final Path path;
    private final @Nullable ServerSocketChannel listener;
    private volatile @Nullable Client client;

    public SnapshotSocket(Path data, SnapshotFile.Source source) {
        this(data, source, PATIENCE);
    }

    /// @param patience how long a client may take nothing
    SnapshotSocket(Path data, SnapshotFile.Source source, Duration patience) {
        this.source = source;
        this.patience = patience;
        path = path(data);
        listener = listener();
    }

    private @Nullable ServerSocketChannel listener() {
        try {
            if (tooLong(path)) throw new IOException("its name is too long");
            // One of before; the store's lock says that nobody else listens.
            Files.deleteIfExists(path);
            var open = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                return open.bind(UnixDomainSocketAddress.of(path));
            } catch (IOException e) {
                open.close();
                throw e;
            }
        } catch (IOException e) {
            LOG.warn("`navarch snapshot save` works while the server is down only: {}: {}", path, e.getMessage());
            return null;
        }
    }

    private static Path path(Path data) {
        return data.toAbsolutePath().resolve("snapshot.sock");
    }

    private static boolean tooLong(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH;
    }

    public void start(TaskScope scope) {
        var open = listener;
        if (open == null) return;
        scope.start("snapshot-socket", () -> {
            while (open.isOpen()) serve(open);
        });
        scope.start("snapshot-patience", () -> {
            while (open.isOpen()) {
                TaskScope.pause(Math.clamp(patience.toMillis(), 1, LOOK_MILLIS));
                var with = client;
                if (with != null && with.waited() > patience.toNanos()) with.close();
            }
        });
    }

    private void serve(ServerSocketChannel open) throws InterruptedException {
        try (var accepted = new Client(open.accept())) {
            client = accepted;
            var contents = source.write(accepted);
            LOG.info("a snapshot of revision {} was taken, {} keys", contents.revision(), contents.keys());
        } catch (ClosedChannelException e) {
            if (open.isOpen())
                LOG.warn("a snapshot was not taken to its end: nothing of it for {} s", patience.toSeconds());
            else LOG.debug("a snapshot ends with the server");
        } catch (IOException e) {
            LOG.warn("a snapshot was not taken to its end: {}", e.getMessage());
        } finally {
            client = null;
        }
    }

    /// Who takes a snapshot; it is known how long it has been waited for.
    private static final class Client extends OutputStream {
        /// Each part is to be taken for itself.
        private static final int PART = 64 << 10;

        private final SocketChannel channel;
        private final OutputStream out;
        private volatile boolean waits;
        private volatile long since;

        Client(SocketChannel channel) {
            this.channel = channel;
            out = Channels.newOutputStream(channel);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            for (int at = 0; at < length; at += PART) {
                since = System.nanoTime();
                waits = true;
                out.write(bytes, from + at, Math.min(PART, length - at));
                waits = false;
            }
        }

        long waited() {
            return waits ? System.nanoTime() - since : 0;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("a client: {}", e.toString());
            }
        }
    }

    /// A server's store, if one runs with this data directory.
    public static Optional<SnapshotFile.Source> running(Path data) {
        var path = path(data);
        if (tooLong(path) || !Files.exists(path)) return Optional.empty();
        try {
            return Optional.of(new Running(path, SocketChannel.open(UnixDomainSocketAddress.of(path))));
        } catch (IOException e) {
            // Left by one that was killed.
            return Optional.empty();
        }
    }

    /// Each reading is a connection of its own, the first one that by which the server was found.
    private static final class Running implements SnapshotFile.Source {
        private final Path path;
        private @Nullable SocketChannel first;

        Running(Path path, SocketChannel first) {
            this.path = path;
            this.first = first;
        }

        @Override
        public StoreSnapshot.Contents write(OutputStream out) throws IOException {
            var found = first;
            first = null;
            try (var channel = found == null ? SocketChannel.open(UnixDomainSocketAddress.of(path)) : found;
                    var in = new BufferedInputStream(Channels.newInputStream(channel), 64 << 10)) {
                return StoreSnapshot.copy(in, out);
            }
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
