package io.navarch.apps.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemainsTest {
    @TempDir
    Path directory;

    private ServerSocketChannel listen(String name) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve(name)));
    }

    @Test
    void socketsGoWhenNobodyListensAtThemAnyMore() throws IOException {
        listen("dead").close();
        Files.createFile(directory.resolve("file"));
        try (var live = listen("live")) {
            assertThat(directory.resolve("dead")).exists();
            Remains.deadSockets(directory);
            assertThat(directory).isDirectoryNotContaining("glob:**dead");
            assertThat(directory.resolve("live")).exists();
            assertThat(directory.resolve("file")).exists();
            assertThat(live.isOpen()).isTrue();
        }
        Remains.deadSockets(directory.resolve("nowhere"));
    }
}
