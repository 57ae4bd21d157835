package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Every metric of the original is served, with its type, or `docs/metrics.md` says why it is not.
class MetricsNamesTest {
    private static final Path PAGE = Path.of("../../docs/metrics.md");

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    @Test
    void everyNameIsServedOrExplained() throws IOException {
        new Calls(plane).post("/api/v1/namespaces/default/configmaps", "{metadata: {name: one}}");
        var served = new HashMap<String, String>();
        new String(plane.http("GET", "/metrics", null).body(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" "))
                .forEach(parts -> served.put(parts[2], parts[3]));
        var explained = Pattern.compile("`([a-z_0-9*]+)`")
                .matcher(Files.readString(PAGE))
                .results()
                .map(match -> Pattern.compile(match.group(1).replace("*", ".*")))
                .toList();
        var unexplained = new ArrayList<String>();
        for (var line : names()) {
            var name = line.split(" ")[0];
            var type = Optional.ofNullable(served.get(name));
            boolean same = type.isPresent() && line.equals(name + " " + type.get());
            boolean told =
                    explained.stream().anyMatch(each -> each.matcher(name).matches());
            if (!same && (type.isPresent() || !told)) unexplained.add(line + ", here " + type.orElse("none"));
        }
        assertThat(unexplained).isEmpty();
    }

    private static Iterable<String> names() throws IOException {
        try (var list = MetricsNamesTest.class.getResourceAsStream("metrics.txt")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toList());
        }
    }
}
