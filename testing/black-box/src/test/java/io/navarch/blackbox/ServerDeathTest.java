package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A few rounds of `testing/crash`, which does as many as one likes.
class ServerDeathTest {
    /// What it ends with where no disk can lose its power.
    private static final int IMPOSSIBLE = 3;

    private static final String BUILT = "testing/crash/target/";

    @TempDir
    Path directory;

    @Test
    void killedServersLoseNothing() throws Exception {
        var done = crash("kill", 3);
        assertThat(done.code()).as(done.said()).isZero();
    }

    @Test
    void serversThatLosePowerLoseNothingThatTheyHaveAcknowledged() throws Exception {
        var done = crash("power", 2);
        assumeTrue(done.code() != IMPOSSIBLE);
        assertThat(done.code()).as(done.said()).isZero();
    }

    private record Done(int code, String said) {}

    private Done crash(String mode, int rounds) throws IOException, InterruptedException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                BUILT + "crash-0.1.0.jar:" + BUILT + "lib/*",
                "io.navarch.crash.Crash",
                "--mode",
                mode,
                "--rounds",
                "" + rounds,
                "--seed",
                "" + System.nanoTime(),
                "--port",
                "" + port,
                "--directory",
                directory.resolve(mode).toString());
        var process = new ProcessBuilder(command)
                .directory(Path.of("../..").toRealPath().toFile())
                .redirectErrorStream(true)
                .start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Done(process.waitFor(), said);
        } finally {
            // It takes what it has made with it.
            process.destroy();
            process.waitFor();
        }
    }
}
