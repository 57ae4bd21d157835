package io.navarch.agent.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// With programs that stand for systemd's: what logind would tell is written to a file.
@Timeout(120)
class LogindTest {
    @TempDir
    Path directory;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private final Logind.Listener listener = new Logind.Listener() {
        @Override
        public void shutdown() throws InterruptedException {
            heard.add("shutdown, locked: " + Files.exists(directory.resolve("locked")));
        }

        @Override
        public void cancelled() {
            heard.add("cancelled");
        }
    };

    private void program(String name, String script) throws IOException {
        var file = Files.writeString(directory.resolve(name), "#!/bin/sh\ncd " + directory + "\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void tell(boolean down) throws IOException {
        var signal = "{\"type\":\"signal\",\"interface\":\"org.freedesktop.login1.Manager\",\"member\":"
                + "\"PrepareForShutdown\",\"payload\":{\"type\":\"b\",\"data\":[" + down + "]}}\n";
        Files.writeString(directory.resolve("next"), signal);
        Files.move(directory.resolve("next"), directory.resolve("signal"));
    }

    private String next() throws InterruptedException {
        return String.valueOf(heard.poll(60, TimeUnit.SECONDS));
    }

    private void awaitLock(boolean there) throws InterruptedException {
        while (Files.exists(directory.resolve("locked")) != there) TaskScope.pause(20);
    }

    @Test
    void aShutdownWaitsAndMayBeCancelled() throws Exception {
        Files.writeString(directory.resolve("most"), "t 5000000\n");
        program(
                "busctl",
                "case $1 in get-property) cat most;; *) touch heard;"
                        + " while [ -e heard ]; do if [ -e signal ]; then cat signal; rm signal; fi; sleep 0.05; done;; esac");
        program("systemctl", "echo 't 30000000' > most");
        program(
                "systemd-inhibit",
                "touch locked; trap 'rm -f locked; exit' TERM; exec 3<&0; cat <&3 & wait; rm -f locked");
        try (var scope = new TaskScope()) {
            var settings = directory.resolve("logind.conf.d");
            new Logind(directory, settings, Duration.ofSeconds(30), listener).start(scope);
            awaitLock(true);
            assertThat(settings.resolve("99-kubelet.conf")).content().contains("[Login]\nInhibitDelayMaxSec=30\n");
            while (!Files.exists(directory.resolve("heard"))) TaskScope.pause(20);
            tell(true);
            assertThat(next()).isEqualTo("shutdown, locked: true");
            awaitLock(false);
            tell(false);
            assertThat(next()).isEqualTo("cancelled");
            awaitLock(true);
            // Logind is started anew.
            Files.delete(directory.resolve("heard"));
            awaitLock(false);
            awaitLock(true);
            while (!Files.exists(directory.resolve("heard"))) TaskScope.pause(20);
            tell(true);
            assertThat(next()).isEqualTo("shutdown, locked: true");
        }
        awaitLock(false);
    }

    @Test
    void withoutLogindNothingWaits() throws Exception {
        try (var scope = new TaskScope()) {
            new Logind(directory, directory, Duration.ofSeconds(30), listener).start(scope);
        }
        assertThat(heard).isEmpty();
    }
}
