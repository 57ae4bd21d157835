package io.navarch.images.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.images.ImageManifest;
import io.navarch.images.ImageStore;
import io.navarch.images.NoRoomException;
import io.navarch.objects.Json;
import io.navarch.objects.Sha256;
import io.navarch.objects.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RepositoriesTest {
    private static final String HOST = "registry.example";

    @TempDir
    Path directory;

    private Instant now = Instant.now();
    private ImageStore store;
    private Repositories repositories;

    @BeforeEach
    void start() throws IOException {
        store = new ImageStore(directory.resolve("images"));
        repositories = new Repositories(store, HOST, () -> now);
    }

    private static String digest(byte[] content) {
        return "sha256:" + Sha256.hex(content);
    }

    private static Map<String, Object> descriptor(String type, byte[] content) {
        return Trees.map("mediaType", type, "digest", digest(content), "size", (long) content.length);
    }

    /// A content of the store, of no repository.
    private byte[] content(String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var ignored = store.blobs().add(bytes);
        return bytes;
    }

    /// A content of `a/b`.
    private byte[] blob(String text) throws IOException {
        var bytes = content(text);
        repositories.addBlob("a/b", digest(bytes));
        return bytes;
    }

    private static byte[] manifest(List<byte[]> layers, Object... more) {
        var document = Trees.map(more);
        document.put("schemaVersion", 2L);
        document.put("config", descriptor("config", layers.getFirst()));
        document.put(
                "layers",
                layers.stream().map(layer -> descriptor("layer", layer)).toList());
        return Json.write(document);
    }

    private String put(String reference, byte[] document) throws IOException, RegistryException {
        return repositories.put("a/b", reference, document).digest();
    }

    @Test
    void whatHasAnotherDigestIsNotKept() throws Exception {
        var document = manifest(List.of(blob("layer")));
        assertThatThrownBy(() -> put("sha256:" + "0".repeat(64), document))
                .hasMessage("what was sent is " + digest(document));
        assertThat(store.blobs().has(digest(document))).isFalse();
        assertThat(put(digest(document), document)).isEqualTo(digest(document));
    }

    @Test
    void aManifestNeedsRoom() throws Exception {
        var document = manifest(List.of(blob("layer")));
        store.blobs().promise(1L << 60);
        assertThatThrownBy(() -> put("1", document)).isInstanceOf(NoRoomException.class);
        assertThat(store.blobs().has(digest(document))).isFalse();
        store.blobs().release(1L << 60);
        assertThat(put("1", document)).isEqualTo(digest(document));
    }

    @Test
    void whatATagLeadsToStays() throws Exception {
        var child = manifest(List.of(blob("layer")));
        var signature = manifest(List.of(blob("signature")), "subject", descriptor(ImageManifest.MANIFEST, child));
        var lonely = manifest(List.of(blob("lonely")));
        var index = Json.write(
                Trees.map("schemaVersion", 2L, "manifests", List.of(descriptor(ImageManifest.MANIFEST, child))));
        for (var each : List.of(child, signature, lonely))
            assertThat(put(digest(each), each)).isEqualTo(digest(each));
        assertThat(put("all", index)).isEqualTo(digest(index));
        now = Instant.now().plus(Duration.ofDays(8));
        assertThat(repositories.sweep()).contains(digest(child), digest(signature), digest(index));
        for (var each : List.of(child, signature))
            assertThat(repositories.manifest("a/b", digest(each))).isPresent();
        for (var each : List.of("layer", "signature"))
            assertThat(repositories.hasBlob("a/b", digest(each.getBytes(StandardCharsets.UTF_8))))
                    .as(each)
                    .isTrue();
        assertThat(repositories.manifest("a/b", digest(lonely))).isEmpty();
        assertThat(repositories.removeManifest("a/b", "all")).isTrue();
        assertThat(repositories.sweep()).isEmpty();
        assertThat(repositories.exists("a/b")).isFalse();
    }

    @Test
    void whatAnEarlierReleaseTookHoldsUpNothing() throws Exception {
        var refused = content("{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}");
        Files.writeString(
                directory.resolve("images/names.json"), "{\"" + HOST + "/a/b:1\":\"" + digest(refused) + "\"}");
        var layer = blob("layer");
        assertThat(put("2", manifest(List.of(layer)))).isNotEmpty();
        now = Instant.now().plus(Duration.ofDays(8));
        assertThat(repositories.sweep()).hasSize(1);
    }

    /// Hundreds of parts that only a loaded image has, beside many tags with a long manifest each.
    @Test
    @Timeout(40)
    void loadedImagesAreLookedThroughOnce() throws Exception {
        var layers = new ArrayList<byte[]>();
        for (int i = 0; i < 990; i++) layers.add(content("layer " + i));
        for (int i = 0; i < 20; i++) {
            var loaded = manifest(layers, "annotations", Map.of("long", i + "x".repeat(2 << 20)));
            store.name(HOST + "/a/b:" + i, store.blobs().add(loaded));
        }
        assertThat(put("pushed", manifest(layers))).isEqualTo(digest(manifest(layers)));
    }

    @Test
    void theTagsOfARepositoryAreBounded() throws Exception {
        var document = manifest(List.of(blob("layer")));
        var names = new TreeMap<String, Object>();
        for (int i = 0; i < 10_000; i++) names.put(HOST + "/a/b:" + i, digest(document));
        Files.write(directory.resolve("images/names.json"), Json.write(names));
        assertThatThrownBy(() -> put("more", document)).hasMessage("a/b has 10000 tags already");
        assertThat(store.blobs().has(digest(document))).isFalse();
        assertThat(put("1", document)).isEqualTo(digest(document));
    }
}
