package io.navarch.agent.placement;

import io.navarch.csi.Listening;
import io.navarch.csi.ResourceSockets;
import io.navarch.process.Backoff;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's socket at which programs ask which resources containers have.
///
/// @param directory of its own
public record ResourceSocket(Path directory, ResourceSockets sockets, ResourceSockets.Source source) {
    private static final Logger LOG = LoggerFactory.getLogger(ResourceSocket.class);

    private static final String SOCKET = "kubelet.sock";
    private static final Backoff AGAIN = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

    /// A node whose disk is full tells nobody, but it is there.
    public void start(TaskScope scope) {
        scope.start("pod-resources", () -> {
            var listening = listening();
            try (listening) {
                while (true) TaskScope.pause(Long.MAX_VALUE / 2_000_000);
            }
        });
    }

    private Listening listening() throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                Files.createDirectories(directory);
                var socket = directory.resolve(SOCKET);
                Files.deleteIfExists(socket);
                return sockets.listen(socket, source);
            } catch (IOException e) {
                LOG.warn("nobody can be told of resources at {}: {}", directory, e.toString());
            }
            TaskScope.pause(AGAIN.after(failures));
        }
    }
}
