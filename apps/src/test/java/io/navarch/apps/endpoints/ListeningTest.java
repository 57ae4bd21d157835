package io.navarch.apps.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.Options;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListeningTest {
    private static Options options(String... arguments) {
        var declared = Stream.of(Listening.PLANE_OPTIONS, Listening.NODE_OPTIONS, Listening.NETWORK_OPTIONS)
                .flatMap(List::stream)
                .toList();
        return Options.parse(declared, List.of(arguments), Map.of());
    }

    @Test
    void portsAreTheOriginalsUnlessSomebodyChooses() {
        var usual = Listening.Plane.of(options(), "192.0.2.1");
        assertThat(usual.controllerManager())
                .isEqualTo(new Listening("controller-manager-port", "192.0.2.1", 10257, false));
        assertThat(usual.scheduler().port()).isEqualTo(10259);
        assertThat(Listening.Network.of(options(), "192.0.2.1").dns().port()).isEqualTo(9153);
        var chosen = options(
                "--scheduler-port=1259",
                "--proxy-metrics-bind-address=192.0.2.3:1249",
                "--proxy-healthz-bind-address=0.0.0.0:1256",
                "--ingress-metrics-port=0");
        assertThat(Listening.Plane.of(chosen, "::").scheduler())
                .isEqualTo(new Listening("scheduler-port", "::", 1259, true));
        assertThat(Listening.Proxy.of(chosen).metrics())
                .isEqualTo(new Listening("proxy-metrics-bind-address", "192.0.2.3", 1249, true));
        assertThat(Listening.Proxy.of(chosen).flags()).containsEntry("proxy-healthz-bind-address", "0.0.0.0:1256");
        assertThat(Listening.Network.of(chosen, "192.0.2.1").ingress().served()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "scheduler-port,70000,--scheduler-port: 70000 is not a valid port number",
        "dns-metrics-port,x,--dns-metrics-port: x is not a valid port number",
        "proxy-metrics-bind-address,10249,'--proxy-metrics-bind-address must be such as 127.0.0.1:10249, not 10249'",
        "proxy-healthz-bind-address,here:1,'--proxy-healthz-bind-address must be such as 127.0.0.1:10249, not here:1'",
        "proxy-healthz-bind-address,0.0.0.0:-1,--proxy-healthz-bind-address: -1 is not a valid port number"
    })
    void whatIsNoneIsRefused(String option, String value, String message) {
        var options = options("--" + option + "=" + value);
        assertThatThrownBy(() -> {
                    Listening.Plane.of(options, "0.0.0.0");
                    Listening.Proxy.of(options);
                    Listening.Network.of(options, "0.0.0.0");
                })
                .isInstanceOf(Options.UsageException.class)
                .hasMessage(message);
    }
}
