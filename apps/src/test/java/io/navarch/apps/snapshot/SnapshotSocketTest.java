package io.navarch.apps.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.TaskScope;
import io.navarch.store.EmbeddedStore;
import io.navarch.store.Store;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SnapshotSocketTest {
    @TempDir
    Path data;

    /// More than a socket takes that nobody reads.
    private EmbeddedStore store() {
        var store = new EmbeddedStore(data.resolve("store"), InstantSource.system());
        for (int i = 0; i < 16; i++) store.put("/" + i, new byte[1 << 20], Store.ANY, Duration.ZERO);
        return store;
    }

    @Test
    @Timeout(120)
    void aClientThatTakesNothingIsLetGo() throws Exception {
        try (var store = store();
                var scope = new TaskScope();
                var socket = new SnapshotSocket(data, store::snapshot, Duration.ofMillis(300))) {
            socket.start(scope);
            try (var stopped = SocketChannel.open(UnixDomainSocketAddress.of(data.resolve("snapshot.sock")))) {
                assertThat(stopped.isConnected()).isTrue();
                var running = SnapshotSocket.running(data).orElseThrow();
                assertThat(running.write(OutputStream.nullOutputStream()).keys())
                        .isEqualTo(16);
            }
        }
    }

    /// The second reading is of what is there then.
    @Test
    void aRunningServerIsAskedAsOftenAsIsNeeded() throws Exception {
        try (var store = store();
                var scope = new TaskScope();
                var socket = new SnapshotSocket(data, store::snapshot)) {
            socket.start(scope);
            var running = SnapshotSocket.running(data).orElseThrow();
            assertThat(running.write(OutputStream.nullOutputStream()).keys()).isEqualTo(16);
            store.put("/more", new byte[1], Store.ANY, Duration.ZERO);
            assertThat(running.write(OutputStream.nullOutputStream()).keys()).isEqualTo(17);
        }
    }

    /// A server has more to do than to give snapshots.
    @Test
    void oneThatCannotBeMadeKeepsNobodyFromRunning() throws Exception {
        // 107 characters, and more bytes.
        var longest = data.resolve("ä".repeat(107 - data.toString().length() - "//snapshot.sock".length()));
        Files.createDirectory(longest);
        for (var where : new Path[] {longest, data.resolve("none")}) {
            try (var scope = new TaskScope();
                    var socket = new SnapshotSocket(where, out -> {
                        throw new AssertionError("nobody can ask");
                    })) {
                socket.start(scope);
                assertThat(SnapshotSocket.running(where)).isEmpty();
            }
        }
    }
}
