package io.navarch.images;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageManifestTest {
    private static final Map<String, Object> PART =
            Trees.map("mediaType", "x", "digest", "sha256:" + "0".repeat(64), "size", 1L);

    private static byte[] document(Object... fields) {
        var document = Trees.map(fields);
        document.put("schemaVersion", 2L);
        return Json.write(document);
    }

    /// What one reads as an image and another as an index is two things under one digest.
    @Test
    void aDocumentIsAManifestOrAnIndexAndSaysSo() {
        for (var document : List.of(
                document("manifests", List.of(PART), "config", PART),
                document("manifests", List.of(PART), "layers", List.of(PART)),
                document("manifests", List.of(PART), "mediaType", ImageManifest.MANIFEST),
                document("config", PART, "layers", List.of(PART), "mediaType", ImageManifest.INDEX)))
            assertThatThrownBy(() -> ImageManifest.parse(document)).hasMessage("it is both a manifest and an index");
    }
}
