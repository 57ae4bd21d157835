package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apps.endpoints.Listening;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whatever the usual rules and dashboards ask for is served by the part that they ask, or `docs/metrics.md` says why
/// it is not. What a real node tells is asked for in the black-box tests.
class MixinNamesTest {
    private static final Path PAGE = Path.of("../../docs/metrics.md");
    private static final String BEGIN = "## What the usual rules and dashboards ask for";

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    @Test
    void everySeriesIsServedOrExplained() throws IOException {
        var places = new Listening.Plane(free("controller-manager-port"), free("scheduler-port"));
        var ports = plane.plane.tellOf(places);
        var served = new HashMap<String, Set<String>>();
        served.put("apiserver", names(text(plane.http("GET", "/metrics", null).body())));
        served.put("controller-manager", names(at(ports.getFirst())));
        served.put("scheduler", names(at(ports.getLast())));
        var page = Files.readString(PAGE);
        var explained = explained(page.substring(page.indexOf(BEGIN)));
        var missing = new ArrayList<String>();
        for (var asked : asked()) {
            var of = served.get(asked.getValue());
            boolean there = of == null || of.contains(asked.getKey());
            if (!there && !explained.contains(asked.getKey() + " " + asked.getValue()))
                missing.add(asked.getKey() + " of " + asked.getValue());
        }
        assertThat(missing).isEmpty();
        // Nothing is said to be missing that is there.
        assertThat(explained)
                .noneMatch(name ->
                        served.getOrDefault(name.split(" ")[1], Set.of()).contains(name.split(" ")[0]));
    }

    private static Listening free(String option) throws IOException {
        return MetricsEndpointTest.free(option);
    }

    private static String at(int port) {
        return text(plane.at(port, PlaneUnderTest.TOKEN, "/metrics").body());
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    private static Set<String> names(String text) {
        return text.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .collect(Collectors.toSet());
    }

    /// Rows such as `` | `a`, `b` | scheduler | because | ``.
    private static Set<String> explained(String section) {
        var rows = Pattern.compile("(?m)^\\| (`[^|]*`) \\| ([a-z, -]+) \\| .+ \\|$");
        return rows.matcher(section)
                .results()
                .flatMap(row -> Pattern.compile("`([a-z_]+)`")
                        .matcher(row.group(1))
                        .results()
                        .flatMap(name ->
                                List.of(row.group(2).split(", ")).stream().map(of -> name.group(1) + " " + of)))
                .collect(Collectors.toSet());
    }

    private static List<Map.Entry<String, String>> asked() throws IOException {
        try (var list = MixinNamesTest.class.getResourceAsStream("mixin.txt")) {
            return text(list.readAllBytes())
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Map.entry(line.split(" ")[0], line.split(" ")[1]))
                    .toList();
        }
    }
}
