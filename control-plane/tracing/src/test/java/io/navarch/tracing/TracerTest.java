package io.navarch.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apiserver.timing.CallTimes.Interval;
import io.navarch.apiserver.timing.CallTracing.Arrival;
import io.navarch.apiserver.timing.CallTracing.Ended;
import io.navarch.process.ConfigurationException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracerTest {
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String UNSAMPLED = PARENT.replaceAll("1$", "0");
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final List<Span> spans = new ArrayList<>();

    private Tracer tracer(int perMillion) {
        return new Tracer(perMillion, new SplittableRandom(1), () -> NOW, () -> 1000, spans::addAll);
    }

    private static Arrival arrival(String parent, boolean trusted) {
        return new Arrival(parent, "", trusted);
    }

    private static Ended ended(Interval... parts) {
        return new Ended("GET /api/v1/pods", 100, 900, Map.of("audit-id", "a"), false, List.of(parts));
    }

    @Test
    void whoeverMayIsFollowed() {
        var tracer = tracer(0);
        tracer.begin(arrival(PARENT, true)).orElseThrow().end(ended());
        assertThat(spans).hasSize(1);
        var span = spans.getFirst();
        assertThat(span.trace().high()).isEqualTo(0x0af7651916cd43ddL);
        assertThat(span.trace().low()).isEqualTo(0x8448eb211c80319cL);
        assertThat(span.parent()).isEqualTo(0xb7ad6b7169203331L);
        assertThat(span.server()).isTrue();
        long unix = NOW.getEpochSecond() * 1_000_000_000L;
        assertThat(span.since()).isEqualTo(unix - 900);
        assertThat(span.until()).isEqualTo(unix - 100);
        assertThat(tracer(1_000_000).begin(arrival(UNSAMPLED, true)))
                .as("He does not want it.")
                .isEmpty();
    }

    /// Otherwise anybody could fill the collector.
    @Test
    void anybodyElsesTraceIsLinked() {
        assertThat(tracer(0).begin(arrival(PARENT, false))).isEmpty();
        tracer(1_000_000).begin(arrival(PARENT, false)).orElseThrow().end(ended());
        var span = spans.getFirst();
        assertThat(span.parent()).isZero();
        assertThat(span.trace().low()).isNotEqualTo(0x8448eb211c80319cL);
        assertThat(span.link().orElseThrow().span()).isEqualTo(0xb7ad6b7169203331L);
    }

    @Test
    void aShareIsFollowed() {
        var tracer = tracer(250_000);
        int followed = 0;
        for (int i = 0; i < 4000; i++) if (tracer.begin(arrival("", false)).isPresent()) followed++;
        assertThat(followed).isBetween(850, 1150);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"
            })
    void whatIsNoParentIsNone(String header) {
        assertThat(TraceContext.parse(header, "")).isEmpty();
    }

    @Test
    void aLaterVersionMaySayMore() {
        assertThat(TraceContext.parse(PARENT.replaceFirst("00", "01") + "-more", "a=b"))
                .hasValueSatisfying(context -> assertThat(context.state()).isEqualTo("a=b"));
        assertThat(TraceContext.parse(PARENT, "a".repeat(600)).orElseThrow().state())
                .isEmpty();
    }

    @Test
    void whatIsWithinSomethingIsPartOfIt() {
        tracer(1_000_000)
                .begin(arrival("", false))
                .orElseThrow()
                .end(ended(
                        new Interval("Create etcd3", 400, 500),
                        new Interval("Create", 200, 800),
                        new Interval("Authorize", 150, 160),
                        new Interval("SerializeObject", 500, 600)));
        var root = spans.getFirst();
        assertThat(spans)
                .extracting(Span::name)
                .containsExactly("GET /api/v1/pods", "Authorize", "Create", "Create etcd3", "SerializeObject");
        var create = spans.get(2);
        assertThat(spans).extracting(Span::parent).containsExactly(0L, root.id(), root.id(), create.id(), create.id());
        assertThat(spans).allMatch(span -> span.trace().equals(root.trace()));
    }

    @Test
    void theConfigurationIsRead() {
        assertThat(TracingConfiguration.read("apiVersion: apiserver.config.k8s.io/v1\nkind: TracingConfiguration\n"))
                .isEqualTo(new TracingConfiguration("localhost:4317", 0));
        assertThat(TracingConfiguration.read("{apiVersion: apiserver.config.k8s.io/v1beta1, kind: TracingConfiguration,"
                        + " endpoint: \"dns:///a:1\", samplingRatePerMillion: 100}"))
                .isEqualTo(new TracingConfiguration("dns:///a:1", 100));
    }

    /// The words of kube-apiserver v1.36.3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "samplingRatePerMillion: -1 | samplingRatePerMillion: Invalid value: -1: sampling rate must be positive",
                "samplingRatePerMillion: 1000001 | samplingRatePerMillion: Invalid value: 1000001: sampling rate per"
                        + " million must be less than or equal to one million",
                "endpoint: \"http://a\" | endpoint: Invalid value: \"http://a\": unsupported scheme: http.  Options are"
                        + " none, dns, unix, or unix-abstract.  See https://github.com/grpc/grpc/blob/master/doc/naming.md",
                "samplingrate: 1 | strict decoding error: unknown field \"samplingrate\"",
            })
    void whatIsWrongIsNamed(String field, String message) {
        assertThatThrownBy(() -> TracingConfiguration.read(
                        "{apiVersion: apiserver.config.k8s.io/v1, kind: TracingConfiguration, " + field + "}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }
}
