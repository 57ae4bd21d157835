package io.navarch.process.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.LogSettings;
import io.navarch.process.Logs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// A process of its own, since its standard output goes elsewhere.
class OutputFileTest {
    private static final int LINES = 3000;

    /// Writes numbered lines, half of them past the log.
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            var output = new OutputFile(Path.of(arguments[0]), 20_000, 50);
            output.take();
            Logs.configure(LogSettings.USUAL, output.meter());
            var log = LoggerFactory.getLogger(Program.class);
            for (int i = 0; i < LINES; i += 2) {
                log.info("line {}", i);
                System.out.println("line " + (i + 1));
            }
        }
    }

    @Test
    void everyLineIsInOneOfTheFiles(@TempDir Path directory) throws Exception {
        var file = directory.resolve("out.log");
        Files.writeString(file, "before\n");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("otherwise").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.resolve("otherwise")).isEmptyFile();
        var parts = new ArrayList<>(List.of(file));
        for (int i = 1; Files.exists(directory.resolve("out.log." + i)); i++)
            parts.addFirst(directory.resolve("out.log." + i));
        assertThat(parts).hasSizeGreaterThan(4);
        assertThat(parts.subList(0, parts.size() - 1))
                .allSatisfy(part -> assertThat(Files.size(part)).isBetween(20_000L, 60_000L));
        var said = new StringBuilder();
        for (var part : parts) said.append(Files.readString(part));
        assertThat(said).startsWith("before\n");
        assertThat(said.toString().lines().skip(1).map(line -> line.replaceFirst(".*line ", "")))
                .containsExactlyElementsOf(
                        IntStream.range(0, LINES).mapToObj(String::valueOf).toList());
    }

    @Test
    void onlySoManyAreKept(@TempDir Path directory) throws Exception {
        var file = directory.resolve("out.log");
        var output = new OutputFile(file, 3, 2);
        for (var text : List.of("one", "two", "three", "four")) {
            Files.writeString(file, text);
            assertThat(output.rotate()).isTrue();
        }
        assertThat(output.rotate()).isFalse();
        Files.writeString(file, "5");
        assertThat(output.rotate()).isFalse();
        assertThat(directory.resolve("out.log.1")).hasContent("four");
        assertThat(directory.resolve("out.log.2")).hasContent("three");
        assertThat(directory.resolve("out.log.3")).doesNotExist();
    }
}
