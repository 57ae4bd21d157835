package io.navarch.apiserver.discovery;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ContentTypes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// `/statusz`: what runs here and since when, for people.
final class StatusPage {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "EEE MMM d HH:mm:ss 'UTC' yyyy", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final String version;

    StatusPage(String gitVersion) {
        version = gitVersion.replaceFirst("^v", "");
    }

    void serve(ApiRequest request) throws IOException {
        var runtime = ManagementFactory.getRuntimeMXBean();
        var up = Duration.ofMillis(runtime.getUptime());
        var text = """

                apiserver statusz
                Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.

                Started: %s
                Up: %d hr %02d min %02d sec
                Java version: %s
                Binary version: %s
                Emulation version: 1.36
                Paths: /healthz /livez /metrics /readyz /statusz /version
                """.formatted(
                        TIME.format(Instant.ofEpochMilli(runtime.getStartTime())),
                        up.toHours(),
                        up.toMinutesPart(),
                        up.toSecondsPart(),
                        Runtime.version(),
                        version);
        request.response().sendBytes(200, ContentTypes.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }
}
