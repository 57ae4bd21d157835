package io.navarch.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The facts in the `overlay.txt` of the kinds' folders: words by `Type.field`, or by `Type`.
record Overlays(Map<String, String> words) {
    /// Reads every overlay below a folder; words about the same field are joined.
    static Overlays below(Path folder) throws IOException {
        var facts = new TreeMap<String, String>();
        try (var files = Files.walk(folder)) {
            var overlays =
                    files.filter(path -> path.endsWith("overlay.txt")).sorted().toList();
            for (var file : overlays) {
                for (var line : Files.readAllLines(file)) {
                    if (line.isBlank() || line.startsWith("#")) continue;
                    var parts = line.strip().split("\\s+", 2);
                    for (var name : parts[0].split(",")) facts.merge(name, parts[1], (a, b) -> a + " " + b);
                }
            }
        }
        return new Overlays(facts);
    }

    /// The value of `word=value` about a field or type, `""` when nothing is said.
    String value(String about, String word) {
        for (var each : words.getOrDefault(about, "").split("\\s+")) {
            if (each.startsWith(word + "=")) return each.substring(word.length() + 1);
        }
        return "";
    }

    boolean says(String about, String word) {
        return (" " + words.getOrDefault(about, "") + " ").contains(" " + word + " ");
    }
}
