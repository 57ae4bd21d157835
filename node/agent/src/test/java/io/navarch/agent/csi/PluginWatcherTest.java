package io.navarch.agent.csi;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.csi.CsiFailure;
import io.navarch.csi.CsiNode;
import io.navarch.csi.CsiSockets;
import io.navarch.csi.PluginSocket;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PluginWatcherTest {
    @TempDir
    Path directory;

    private TaskScope scope = new TaskScope();
    private final CountDownLatch hung = new CountDownLatch(1);
    /// What plugins say of themselves, by the name of their sockets.
    private final Map<String, PluginSocket.PluginInfo> plugins = new ConcurrentHashMap<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private final class Sockets implements CsiSockets {
        @Override
        public CsiNode driver(String endpoint) {
            throw new AssertionError();
        }

        @Override
        public PluginSocket plugin(Path socket) {
            var name = socket.getFileName().toString();
            return new PluginSocket() {
                @Override
                public PluginInfo info() {
                    if (name.equals("hangs.sock")) {
                        told.add("hangs");
                        await(hung);
                    }
                    var info = plugins.get(name);
                    if (info == null) throw new CsiFailure(CsiFailure.Code.UNAVAILABLE, "nobody", new IOException());
                    return info;
                }

                @Override
                public void notify(boolean registered, String error) {
                    told.add(name + (registered ? " is registered" : ": " + error));
                }
            };
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Handler implements PluginHandler {
        @Override
        public void validate(PluginSocket.PluginInfo plugin) throws PluginRefusedException {
            if (plugin.versions().isEmpty()) throw new PluginRefusedException("no versions");
        }

        @Override
        public void register(PluginSocket.PluginInfo plugin) throws PluginRefusedException {
            if (plugin.name().equals("bad")) throw new PluginRefusedException("bad");
            told.add(plugin.name() + " at " + directory.relativize(Path.of(plugin.endpoint())));
        }

        @Override
        public void deregister(PluginSocket.PluginInfo plugin) {
            told.add(plugin.name() + " is gone");
        }
    }

    @BeforeEach
    void start() throws IOException {
        scope = new TaskScope();
        new PluginWatcher(directory, new Sockets(), Map.of("CSIPlugin", new Handler()), InstantSource.system())
                .start(scope);
    }

    @AfterEach
    void stop() {
        hung.countDown();
        scope.close();
    }

    private void plugin(String socket, String type, String name, String... versions) {
        plugins.put(socket, new PluginSocket.PluginInfo(type, name, "", List.of(versions)));
    }

    /// Nobody has to listen there: who is asked is made up.
    private void socket(Path path) throws IOException {
        try (var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(path));
        }
    }

    private @Nullable String next() throws InterruptedException {
        return told.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void aPluginIsThereAsLongAsItsSocket() throws IOException, InterruptedException {
        plugin("d.sock", "CSIPlugin", "d", "1.0.0");
        var path = Files.createDirectory(directory.resolve("sub")).resolve("d.sock");
        socket(path);
        assertThat(next()).isEqualTo("d at sub/d.sock");
        assertThat(next()).isEqualTo("d.sock is registered");
        Files.delete(path);
        assertThat(next()).isEqualTo("d is gone");
        socket(path);
        assertThat(next()).isEqualTo("d at sub/d.sock");
    }

    @Test
    void aPluginThatWasStartedAnewIsRegisteredAnew() throws IOException, InterruptedException {
        plugin("d.sock", "CSIPlugin", "d", "1.0.0");
        var path = directory.resolve("d.sock");
        socket(path);
        assertThat(next()).isEqualTo("d at d.sock");
        assertThat(next()).isEqualTo("d.sock is registered");
        var fresh = directory.resolve(".fresh");
        socket(fresh);
        Files.delete(path);
        Files.move(fresh, path);
        assertThat(next()).isEqualTo("d is gone");
        assertThat(next()).isEqualTo("d at d.sock");
    }

    @Test
    void whoIsRefusedHearsWhy() throws IOException, InterruptedException {
        plugin("a.sock", "Other", "a", "1.0.0");
        socket(directory.resolve("a.sock"));
        assertThat(next())
                .isEqualTo("a.sock: RegisterPlugin error -- no handler registered for plugin type: Other at socket "
                        + directory + "/a.sock");
        Files.delete(directory.resolve("a.sock"));
        told.clear();
        plugin("b.sock", "CSIPlugin", "b");
        socket(directory.resolve("b.sock"));
        assertThat(next()).isEqualTo("b.sock: RegisterPlugin error -- plugin validation failed with err: no versions");
        Files.delete(directory.resolve("b.sock"));
        told.clear();
        plugin("c.sock", "CSIPlugin", "bad", "1.0.0");
        socket(directory.resolve("c.sock"));
        assertThat(next()).isEqualTo("c.sock: RegisterPlugin error -- plugin registration failed with err: bad");
    }

    @Test
    void whoDoesNotAnswerKeepsNobodyWaiting() throws IOException, InterruptedException {
        socket(directory.resolve("hangs.sock"));
        assertThat(next()).isEqualTo("hangs");
        plugin("d.sock", "CSIPlugin", "d", "1.0.0");
        socket(directory.resolve("d.sock"));
        assertThat(next()).isEqualTo("d at d.sock");
    }

    @Test
    void onlySocketsCount() throws IOException {
        Files.writeString(directory.resolve("file.sock"), "");
        socket(directory.resolve("real.sock"));
        socket(directory.resolve(".hidden.sock"));
        Files.createSymbolicLink(directory.resolve("link.sock"), directory.resolve("real.sock"));
        Files.createSymbolicLink(directory.resolve("loop"), directory);
        var deep = Files.createDirectories(directory.resolve("1/2/3/4"));
        socket(deep.resolve("deep.sock"));
        assertThat(new PluginSockets(directory).present().keySet()).containsExactly(directory.resolve("real.sock"));
    }
}
