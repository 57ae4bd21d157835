package io.navarch.comparison.loops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What happens in one namespace.
record Scenario(String name, String namespace, List<Step> steps) {
    /// A scenario for each file.
    static List<Scenario> all(Path folder) throws IOException {
        var scenarios = new ArrayList<Scenario>();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(each -> each.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                var name = file.getFileName().toString().replace(".yaml", "");
                var namespace = "loop-" + name;
                scenarios.add(new Scenario(name, namespace, Step.all(Files.readString(file), namespace)));
            }
        }
        return scenarios;
    }
}
