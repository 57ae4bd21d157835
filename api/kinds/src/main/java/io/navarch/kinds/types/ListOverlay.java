package io.navarch.kinds.types;

import io.navarch.schema.Schema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the client's models do not say: which lists are maps or sets, how they merge, which structs are atomic. The
/// facts are lines of `lists.txt`: `Type.field words…`.
final class ListOverlay {
    private final Map<String, List<String>> facts = new HashMap<>();

    ListOverlay() {
        try (var reader = new BufferedReader(
                new InputStreamReader(ListOverlay.class.getResourceAsStream("lists.txt"), StandardCharsets.UTF_8))) {
            reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> {
                        var words = List.of(line.strip().split("\\s+"));
                        facts.put(words.getFirst(), words.subList(1, words.size()));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void complete(String type, String field, Schema schema) {
        for (var word : facts.getOrDefault(type + "." + field, List.of())) apply(word, schema);
    }

    void completeType(String type, Schema schema) {
        for (var word : facts.getOrDefault(type, List.of())) apply(word, schema);
    }

    private static void apply(String word, Schema schema) {
        int equals = word.indexOf('=');
        var value = equals < 0 ? "" : word.substring(equals + 1);
        switch (equals < 0 ? word : word.substring(0, equals)) {
            case "map" -> schema.asMapList(List.of(value.split(",")));
            case "set" -> schema.asSet();
            case "atomic" -> schema.asAtomicMap();
            case "merge" -> schema.mergedBy(value);
            case "default" -> schema.defaulting(value);
            case "strategy" -> schema.withStrategy(value);
            default -> throw new IllegalStateException("unknown word in lists.txt: " + word);
        }
    }
}
