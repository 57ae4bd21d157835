package io.navarch.store;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The same contract against a real etcd, started anew for each test.
class EtcdStoreTest extends StoreContract {
    @TempDir
    Path directory;

    private Process etcd;
    private Store store;

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @BeforeEach
    void start() throws IOException {
        int port = freePort();
        var url = "http://127.0.0.1:" + port;
        var peer = "http://127.0.0.1:" + freePort();
        etcd = new ProcessBuilder(
                        "etcd",
                        "--data-dir",
                        directory.resolve("etcd").toString(),
                        "--listen-client-urls",
                        url,
                        "--advertise-client-urls",
                        url,
                        "--listen-peer-urls",
                        peer,
                        "--unsafe-no-fsync")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        store = new EtcdStore(port);
    }

    @AfterEach
    void stop() throws InterruptedException {
        store.close();
        etcd.destroyForcibly().waitFor();
    }

    @Override
    Store store() {
        return store;
    }
}
