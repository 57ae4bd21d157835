package io.navarch.process.pages;

import io.navarch.objects.Trees;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// `/statusz`: what runs here and since when.
public final class StatusPage {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "EEE MMM d HH:mm:ss 'UTC' yyyy", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final String version;
    private final List<String> paths;
    private final StructuredPage page;

    /// @param paths that are served
    public StatusPage(String component, String gitVersion, List<String> paths) {
        version = gitVersion.replaceFirst("^v", "");
        this.paths = folders(paths);
        page = new StructuredPage(component, "Statusz", "statusz", this::text, this::fields);
    }

    /// The first parts of the paths; what is there for clients is left out.
    private static List<String> folders(List<String> paths) {
        var folders = new TreeSet<String>();
        for (var path : paths) {
            var parts = path.split("/");
            if (parts.length > 1) folders.add("/" + parts[1]);
        }
        folders.removeAll(List.of("/api", "/apis", "/openid", "/openapi", "/.well-known"));
        return List.copyOf(folders);
    }

    public Page answer(String accept) {
        return page.answer(accept);
    }

    private static Instant started() {
        return Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    }

    private static Duration up() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }

    private String text() {
        return """

                Started: %s
                Up: %d hr %02d min %02d sec
                Java version: %s
                Binary version: %s
                Emulation version: 1.36
                Paths: %s
                """.formatted(
                        TIME.format(started()),
                        up().toHours(),
                        up().toMinutesPart(),
                        up().toSecondsPart(),
                        Runtime.version(),
                        version,
                        String.join(" ", paths));
    }

    private Map<String, Object> fields() {
        return Trees.map(
                "startTime",
                DateTimeFormatter.ISO_INSTANT.format(started().truncatedTo(ChronoUnit.SECONDS)),
                "uptimeSeconds",
                up().toSeconds(),
                "goVersion",
                "",
                "binaryVersion",
                version,
                "emulationVersion",
                "1.36",
                "paths",
                paths);
    }
}
