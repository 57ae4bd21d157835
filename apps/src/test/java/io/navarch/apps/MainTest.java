package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class MainTest {
    private record Said(int code, String out, String err) {}

    private static Said said(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var usual = System.out;
        var usualErrors = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int code = Main.run(List.of(arguments));
            return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(usual);
            System.setErr(usualErrors);
        }
    }

    private static Stream<String> commands() {
        return said("help")
                .out
                .lines()
                .filter(line -> line.matches("  [a-z]+ .*"))
                .map(line -> line.strip().split(" ")[0])
                .filter(word -> !word.equals("navarch") && !word.equals("kubectl"));
    }

    @Test
    void whoSaysNothingIsToldWhatThereIs() {
        var said = said();
        assertThat(said).isEqualTo(said("help")).isEqualTo(said("--help")).isEqualTo(said("-h"));
        assertThat(said.code).isZero();
        assertThat(said.out).contains("  up ", "  down ", "navarch up", "kubectl get nodes");
        assertThat(commands()).hasSizeGreaterThan(15).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void eachHasHelpWithoutDoingAnything(String command) {
        var said = said(command, "--help");
        assertThat(said).isEqualTo(said("help", command)).isEqualTo(said(command, "anything", "-h"));
        assertThat(said.code).isZero();
        assertThat(said.err).isEmpty();
        assertThat(said.out).startsWith("navarch " + command + ": ").contains("usage:\n  navarch " + command);
        assertThat(said.out.lines())
                .allMatch(line -> line.length() <= 120 || !line.strip().contains(" "));
    }

    @Test
    void mistakesAreOneLineThatSaysWhatToDo() {
        assertThat(said("upp"))
                .isEqualTo(new Said(2, "", "navarch: unknown command upp (did you mean up?); see navarch help\n"));
        assertThat(said("status", "--dta-dir", "/x"))
                .isEqualTo(new Said(
                        2,
                        "",
                        "navarch: unknown flag --dta-dir (did you mean --data-dir?); see navarch status --help\n"));
        assertThat(said("store", "chek"))
                .isEqualTo(new Said(
                        2,
                        "",
                        "navarch: unknown command store chek (did you mean check?); see navarch store --help\n"));
        assertThat(said("down", "now"))
                .isEqualTo(new Said(2, "", "navarch: unexpected argument now; see navarch down --help\n"));
    }

    @Test
    void shellsAreTaught() {
        for (var shell : new String[] {"bash", "zsh", "fish"})
            assertThat(said("completion", shell).out).contains("navarch", "certs", "encryption-provider-config");
        assertThat(said("completion", "csh").code).isEqualTo(2);
    }
}
