package io.navarch.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestDocumentTest {
    private static List<String> kinds(Path folder, List<String> unread) throws IOException {
        return ManifestDocument.all(folder, unread::add).stream()
                .map(ManifestDocument::kind)
                .toList();
    }

    @Test
    void dashesWithinATextDoNotEndADocument(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.yaml"), """
                --- # first
                kind: Secret
                data:
                  key: |
                    ---
                    -----BEGIN
                ---
                kind: ConfigMap
                """);
        var unread = new ArrayList<String>();

        assertEquals(List.of("Secret", "ConfigMap"), kinds(folder, unread));
        assertEquals(List.of(), unread);
    }

    @Test
    void itemsOfListsAreDocumentsAndWhatIsNoneIsTold(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.yaml"), """
                kind: List
                items:
                - kind: Pod
                - kind: Node
                ---
                {{ template }}
                ---
                values: 1
                ---
                # nothing
                """);
        var unread = new ArrayList<String>();

        assertEquals(List.of("Pod", "Node"), kinds(folder, unread));
        assertEquals(List.of("unreadable", "without a kind"), unread);
    }
}
