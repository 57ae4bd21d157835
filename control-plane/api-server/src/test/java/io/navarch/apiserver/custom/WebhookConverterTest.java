package io.navarch.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A webhook that takes its time, on a clock of its own.
class WebhookConverterTest {
    private final AtomicLong now = new AtomicLong();
    private final List<Integer> asked = new ArrayList<>();
    private final List<Duration> allowed = new ArrayList<>();
    private Duration takes = Duration.ZERO;

    private final WebhookConverter converter = new WebhookConverter(
            "things.example.org",
            View.of(Yaml.parse("{clientConfig: {url: 'https://x/'}, conversionReviewVersions: [v1]}")),
            this::answer,
            new ConversionMetrics(new Metrics()),
            now::get);

    private View answer(View config, Map<String, Object> review, Duration within) throws IOException {
        var request = View.of(review).get("request");
        var objects = request.get("objects").views();
        asked.add(objects.size());
        allowed.add(within);
        boolean late = takes.compareTo(within) > 0;
        now.addAndGet((late ? within : takes).toNanos());
        if (late) throw new IOException("context deadline exceeded");
        var converted = objects.stream()
                .map(object -> {
                    var copy = Trees.copy(object.map());
                    copy.put("apiVersion", request.get("desiredAPIVersion").string());
                    return copy;
                })
                .toList();
        return View.of(Trees.map(
                "apiVersion",
                "apiextensions.k8s.io/v1",
                "kind",
                "ConversionReview",
                "response",
                Trees.map(
                        "uid",
                        request.get("uid").string(),
                        "result",
                        Trees.map("status", "Success"),
                        "convertedObjects",
                        converted)));
    }

    private List<Map<String, Object>> convert(int count, Duration within) {
        var objects = IntStream.range(0, count)
                .mapToObj(i -> Trees.map(
                        "apiVersion", "example.org/v1", "kind", "Thing", "metadata", Trees.map("name", "t" + i)))
                .toList();
        return converter.convert(objects, "example.org/v2", within);
    }

    @Test
    void aListIsConvertedInParts() {
        var converted = convert(1200, Duration.ofSeconds(60));
        assertThat(asked).containsExactly(500, 500, 200);
        assertThat(converted)
                .hasSize(1200)
                .allMatch(each -> each.get("apiVersion").equals("example.org/v2"));
    }

    /// However many calls it takes, and however long each of them may.
    @Test
    void aMinuteIsForTheWholeList() {
        takes = Duration.ofSeconds(25);
        assertThatThrownBy(() -> convert(2000, Duration.ofSeconds(60)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.reason()).isEqualTo(ApiException.Reason.TIMEOUT))
                .hasMessage(ApiException.late().getMessage());
        assertThat(allowed).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(10));
        assertThat(Duration.ofNanos(now.get())).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void oneCallMayTakeHalfAMinute() {
        takes = Duration.ofSeconds(31);
        assertThatThrownBy(() -> convert(1, Duration.ofSeconds(60)))
                .hasMessageContaining(
                        "conversion webhook for example.org/v1, Kind=Thing failed: context deadline exceeded");
        assertThat(allowed).containsExactly(Duration.ofSeconds(30));
    }

    @Test
    void nobodyIsAskedWhenTheTimeIsOver() {
        assertThatThrownBy(() -> convert(1, Duration.ZERO))
                .hasMessage(ApiException.late().getMessage());
        assertThat(asked).isEmpty();
    }
}
