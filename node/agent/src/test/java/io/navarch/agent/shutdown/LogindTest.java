package io.navarch.agent.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.TaskScope;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
            assertThat(new Logind(directory, directory, Duration.ofSeconds(30), listener).start(scope))
                    .isFalse();
            program("busctl", "echo 't soon'");
            assertThat(new Logind(directory, directory, Duration.ofSeconds(30), listener).start(scope))
                    .isFalse();
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void alsoALogindThatWaitsForEverIsHeard() throws Exception {
        program(
                "busctl",
                "case $1 in get-property) echo t 18446744073709551615;; *) while [ ! -e signal ]; do sleep 0.05; done;"
                        + " cat signal; rm signal; sleep 600;; esac");
        program(
                "systemd-inhibit",
                "touch locked; trap 'rm -f locked; exit' TERM; exec 3<&0; cat <&3 & wait; rm -f locked");
        try (var scope = new TaskScope()) {
            assertThat(new Logind(directory, directory, Duration.ofSeconds(30), listener).start(scope))
                    .isTrue();
            awaitLock(true);
            tell(true);
            assertThat(next()).isEqualTo("shutdown, locked: true");
        }
    }

    @Test
    void theMonitorEndsWithItsInput() throws Exception {
        program("busctl", "echo $$ > next; mv next id; exec sleep 600");
        var command = Logind.tied(List.of(directory.resolve("busctl").toString()));
        var process = new ProcessBuilder(command).start();
        while (!Files.exists(directory.resolve("id"))) TaskScope.pause(20);
        var id = Long.parseLong(Files.readString(directory.resolve("id")).strip());
        process.getOutputStream().close();
        process.waitFor();
        while (ProcessHandle.of(id).filter(ProcessHandle::isAlive).isPresent()) TaskScope.pause(20);
    }

    @Test
    void aCommandThatIsTiedEndsByItselfToo() throws Exception {
        var process = new ProcessBuilder(Logind.tied(List.of("echo", "words"))).start();
        process.waitFor();
        assertThat(process.inputReader().readLine()).isEqualTo("words");
    }

    @Test
    void aLineWithoutAnEndIsNotKept() throws IOException {
        var endless = new Reader() {
            private long count;

            @Override
            public int read(char[] into, int from, int most) {
                Arrays.fill(into, from, from + most, 'x');
                count += most;
                return most;
            }

            @Override
            public void close() {}
        };
        assertThat(Logind.line(endless)).isEmpty();
        assertThat(endless.count).isLessThan(1 << 20);
        assertThat(Logind.line(new StringReader("one\ntwo\n"))).isEqualTo("one\n");
    }
}
