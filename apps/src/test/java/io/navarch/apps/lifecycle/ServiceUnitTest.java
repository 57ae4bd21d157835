package io.navarch.apps.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.navarch.process.Command;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceUnitTest {
    private static final Path DATA = Path.of("/var/lib/navarch");
    private static final List<Option> DECLARED =
            List.of(Option.value("data-dir", DATA.toString(), ""), Option.value("port", "6443", ""));
    private static final Map<String, ServiceCommand.Role> ROLES =
            Map.of("server", ServiceUnitTest::read, "agent", ServiceUnitTest::read);

    private static Options read(List<String> words) {
        return Options.parse(DECLARED, words, Map.of()).withoutArguments();
    }

    private static ServiceUnit unit(int systemd, String... more) {
        var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        return new ServiceUnit("server", DATA, List.of(java, more.length == 0 ? "server" : more[0]), systemd);
    }

    private static ServiceCommand.Order order(String... words) {
        return ServiceCommand.Order.read(List.of(words), ROLES);
    }

    @Test
    void systemdTakesIt(@TempDir Path directory) throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/systemd-analyze")));
        var said = Command.tryRun(List.of("systemd-analyze", "--version"), "", Duration.ofSeconds(10));
        var unit = unit(ServiceUnit.version(said.out()), "a \"word\" of 100 % \\ and $HOME");
        var file = Files.writeString(directory.resolve(unit.name()), unit.text());
        var verified =
                Command.tryRun(List.of("systemd-analyze", "verify", file.toString()), "", Duration.ofSeconds(30));
        assertThat(verified.err() + verified.out()).isEmpty();
        assertThat(verified.exitCode()).isZero();
    }

    @Test
    void wordsStayWhatTheyAre() {
        assertThat(unit(252, "a \"word\" of 100 % \\ and $HOME").text())
                .contains("java \"a \\\"word\\\" of 100 %% \\\\ and $$HOME\"\n");
        assertThat(unit(252, "--port=6443").text()).contains("java --port=6443\n");
        assertThatThrownBy(() -> unit(252, "two\nlines").text()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pausesGrowWhereSystemdKnowsHow() {
        assertThat(unit(252).text()).contains("RestartSec=2\n").doesNotContain("RestartSteps");
        assertThat(unit(254).text()).contains("RestartSec=100ms\nRestartSteps=8\nRestartMaxDelaySec=30\n");
        assertThat(ServiceUnit.version("systemd 252 (252.38-1~deb12u1)\n+PAM")).isEqualTo(252);
        assertThat(ServiceUnit.version("systemd 257.4")).isEqualTo(257);
        assertThat(ServiceUnit.version("")).isEqualTo(999);
    }

    @Test
    void theOptionsOfTheServerAreKept() {
        var text = order("install", "--port", "7443", "--data-dir=/srv/cluster")
                .unit(252)
                .text();
        assertThat(text).startsWith("# navarch data-dir /srv/cluster\n");
        assertThat(text)
                .contains(" io.navarch.apps.Main server --port 7443 --data-dir=/srv/cluster --data-dir /srv/cluster\n");
        assertThat(order("install", "agent").unit(252).name()).isEqualTo("navarch-agent.service");
        assertThat(order("uninstall", "agent").install()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "reinstall", "install proxy", "install --prot 1", "install server x", "uninstall --port 1"})
    void whatIsWrongIsSaidAtOnce(String words) {
        assertThatThrownBy(() -> order(words.isEmpty() ? new String[0] : words.split(" ")))
                .isInstanceOf(Options.UsageException.class);
    }
}
