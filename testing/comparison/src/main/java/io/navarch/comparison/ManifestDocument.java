package io.navarch.comparison;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// An object of a file of manifests.
///
/// @param text as the file has it; empty for an item of a list
public record ManifestDocument(Map<String, Object> object, Optional<String> text) {
    public String kind() {
        return View.of(object).get("kind").string();
    }

    /// @param folder or a file
    /// @param unread gets the reason for each document that is none
    public static List<ManifestDocument> all(Path folder, Consumer<String> unread) throws IOException {
        var documents = new ArrayList<ManifestDocument>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                try {
                    for (var text : split(Files.readString(file))) add(text, documents, unread);
                } catch (MalformedInputException e) {
                    unread.accept("no text");
                }
            }
        }
        return documents;
    }

    /// A document ends where a line is three dashes, with a blank or nothing behind them: `-----BEGIN` goes on.
    static List<String> split(String text) {
        return List.of(text.split("(?m)^---(?:[ \\t][^\\n]*)?\\r?$"));
    }

    private static void add(String text, List<ManifestDocument> documents, Consumer<String> unread) {
        try {
            if (!(Yaml.parse(text) instanceof Map<?, ?> map)) return;
            var object = View.of(map);
            if (object.get("items").value() instanceof List)
                object.get("items")
                        .views()
                        .forEach(item -> documents.add(new ManifestDocument(Trees.copy(item.map()), Optional.empty())));
            else if (object.get("kind").exists())
                documents.add(new ManifestDocument(Trees.copy(object.map()), Optional.of(text)));
            else unread.accept("without a kind");
        } catch (RuntimeException e) {
            // Templates that no values were filled in, and files that are no manifests.
            unread.accept("unreadable");
        }
    }
}
