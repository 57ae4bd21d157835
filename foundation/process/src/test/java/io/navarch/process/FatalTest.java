package io.navarch.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FatalTest {
    /// A process with a thread that would keep it, and a hook that would not end.
    static final class Lost {
        public static void main(String[] arguments) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                while (true) Thread.onSpinWait();
            }));
            Thread.ofPlatform().daemon(false).start(() -> {
                while (true) Thread.onSpinWait();
            });
            Fatal.process().end("the one thing it is for", new OutOfMemoryError("no memory"));
        }
    }

    @Test
    void theProcessEndsAtOnceAndSaysWhy() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Lost.class.getName())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(Fatal.EXIT_CODE);
        assertThat(said).contains("the process ends: the one thing it is for has failed", "no memory");
    }
}
