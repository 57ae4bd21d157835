package io.navarch.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.Json;
import io.navarch.objects.Sha256;
import io.navarch.objects.Trees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layouts as skopeo, buildah, umoci, podman and docker write them, and as nobody should.
class OciLayoutTest {
    private static final Platform ELSEWHERE = new Platform("linux", "s390x");

    @TempDir
    Path directory;

    private final Map<String, byte[]> files = new TreeMap<>();
    private final List<Object> index = new ArrayList<>();

    private ImageStore store() throws IOException {
        return new ImageStore(directory.resolve("images"));
    }

    private Map<String, Object> blob(String type, byte[] content) {
        var digest = Sha256.hex(content);
        files.put("blobs/sha256/" + digest, content);
        return Trees.map("mediaType", type, "digest", "sha256:" + digest, "size", (long) content.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, Object> image(Platform platform, String layer) {
        var config = blob(
                ImageManifest.CONFIG,
                Json.write(Trees.map("architecture", platform.architecture(), "os", platform.os())));
        var layers = List.of(blob(ImageManifest.LAYER + "+gzip", bytes(layer)));
        return blob(
                ImageManifest.MANIFEST, Json.write(Trees.map("schemaVersion", 2L, "config", config, "layers", layers)));
    }

    private static Map<String, Object> named(Map<String, Object> descriptor, String key, String name) {
        var copy = new TreeMap<>(descriptor);
        copy.put("annotations", Map.of(key, name));
        return copy;
    }

    private static Map<String, Object> reference(Map<String, Object> descriptor, String name) {
        return named(descriptor, "org.opencontainers.image.ref.name", name);
    }

    private void writeIndex() {
        files.put("oci-layout", bytes("{\"imageLayoutVersion\":\"1.0.0\"}"));
        files.put("index.json", Json.write(Trees.map("schemaVersion", 2L, "manifests", index)));
    }

    private Path layout() throws IOException {
        writeIndex();
        var layout = Files.createTempDirectory(directory, "layout");
        for (var file : files.entrySet()) {
            var place = layout.resolve(file.getKey());
            Files.createDirectories(place.getParent());
            Files.write(place, file.getValue());
        }
        return layout;
    }

    private Path archive(boolean gzip) throws IOException {
        writeIndex();
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(gzip ? new GZIPOutputStream(bytes) : bytes)) {
            for (var file : files.entrySet()) {
                var entry = new TarArchiveEntry("./" + file.getKey(), true);
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return Files.write(Files.createTempFile(directory, "image", ".tar"), bytes.toByteArray());
    }

    private static List<String> load(Path file, ImageStore store, String... name) throws IOException {
        return ImageArchive.load(file, store, List.of(name).stream().findFirst());
    }

    @Test
    void directoriesAndArchivesAreAlike() throws IOException {
        var manifest = image(Platform.here(), "layer");
        index.add(reference(manifest, "quay.io/team/app:1"));
        for (var file : List.of(layout(), archive(false), archive(true))) {
            var store = store();
            assertThat(load(file, store)).containsExactly("quay.io/team/app:1");
            // It has the digest that everybody else knows it by.
            assertThat(store.find("quay.io/team/app:1")).contains((String) manifest.get("digest"));
            assertThat(store.remove("quay.io/team/app:1", Set.of())).isTrue();
            assertThat(store.blobs().all()).isEmpty();
        }
        assertThat(left()).isEmpty();
    }

    /// What the store has besides contents.
    private List<String> left() throws IOException {
        try (var list = Files.list(directory.resolve("images/blobs"))) {
            return list.map(each -> each.getFileName().toString())
                    .filter(name -> !name.equals("sha256"))
                    .toList();
        }
    }

    @Test
    void theWholeNameIsTakenBeforeTheShortOne() throws IOException {
        var descriptor = reference(image(Platform.here(), "layer"), "1");
        descriptor.put(
                "annotations",
                Map.of("org.opencontainers.image.ref.name", "1", "io.containerd.image.name", "docker.io/me/app:1"));
        index.add(descriptor);
        assertThat(load(layout(), store())).containsExactly("docker.io/me/app:1");
    }

    @Test
    void whoHasNoNameIsGivenOne() throws IOException {
        index.add(reference(image(Platform.here(), "layer"), "latest"));
        var store = store();
        assertThatThrownBy(() -> load(layout(), store)).hasMessageContaining("give --name");
        assertThatThrownBy(() -> load(layout(), store, "No Name")).hasMessageContaining("no name of an image");
        assertThat(store.names()).isEmpty();
        assertThat(load(layout(), store, "app:2")).containsExactly("docker.io/library/app:2");
    }

    @Test
    void severalImagesKeepTheirNames() throws IOException {
        index.add(reference(image(Platform.here(), "one"), "one:1"));
        index.add(reference(image(Platform.here(), "two"), "two:1"));
        index.add(reference(image(Platform.here(), "two"), "again:1"));
        var store = store();
        assertThatThrownBy(() -> load(layout(), store, "app"))
                .hasMessageContaining("has 2 images (one:1, two:1): --name is for one");
        assertThat(load(archive(false), store))
                .containsExactly("docker.io/library/one:1", "docker.io/library/two:1", "docker.io/library/again:1");
    }

    @Test
    void ofAnIndexTheImageForThisMachineIsTaken() throws IOException {
        var here = image(Platform.here(), "here");
        here.put(
                "platform",
                Trees.map("os", "linux", "architecture", Platform.here().architecture()));
        // Tools leave out the images of other machines, and keep them in the index.
        var elsewhere = Trees.map(
                "mediaType",
                ImageManifest.MANIFEST,
                "digest",
                "sha256:" + Sha256.hex("elsewhere"),
                "size",
                5L,
                "platform",
                Trees.map("os", "linux", "architecture", ELSEWHERE.architecture()));
        var several = blob(
                ImageManifest.INDEX, Json.write(Trees.map("schemaVersion", 2L, "manifests", List.of(elsewhere, here))));
        index.add(reference(several, "app:1"));
        var store = store();
        load(layout(), store);
        assertThat(store.find("app:1")).contains((String) here.get("digest"));
        index.clear();
        var none =
                blob(ImageManifest.INDEX, Json.write(Trees.map("schemaVersion", 2L, "manifests", List.of(elsewhere))));
        index.add(reference(none, "app:2"));
        assertThatThrownBy(() -> load(layout(), store))
                .hasMessageContaining("images for linux/s390x, and none for this machine (" + Platform.here() + ")");
    }

    @Test
    void anImageForAnotherMachineIsRefused() throws IOException {
        index.add(reference(image(ELSEWHERE, "layer"), "app:1"));
        assertThatThrownBy(() -> load(layout(), store()))
                .hasMessage("app:1 is for linux/s390x, this machine is " + Platform.here());
    }

    @Test
    void whatHasAnotherDigestOrSizeIsRefused() throws IOException {
        var manifest = image(Platform.here(), "layer");
        index.add(reference(manifest, "app:1"));
        var store = store();
        for (var name : List.copyOf(files.keySet())) {
            if (!name.startsWith("blobs/")) continue;
            var content = files.get(name);
            for (var wrong :
                    List.of(bytes("{}"), bytes("x" + new String(content, StandardCharsets.UTF_8).substring(1)))) {
                files.put(name, wrong);
                for (var file : List.of(layout(), archive(false)))
                    assertThatThrownBy(() -> load(file, store))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining(name.substring(name.lastIndexOf('/') + 1));
            }
            files.put(name, content);
        }
        assertThat(store.names()).isEmpty();
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        index.add(reference(image(Platform.here(), "layer"), "app:1"));
        var layer = "blobs/sha256/" + Sha256.hex("layer");
        files.remove(layer);
        assertThatThrownBy(() -> load(layout(), store())).hasMessageContaining("has no file " + layer);
    }

    @Test
    void documentsAreBoundedAndDigestsCanBeChecked() throws IOException {
        var store = store();
        index.add(Trees.map("mediaType", ImageManifest.MANIFEST, "digest", "sha512:../../x", "size", 1L));
        assertThatThrownBy(() -> load(layout(), store)).hasMessageContaining("no digest that can be checked");
        index.clear();
        var tooLong = new byte[ImageManifest.LONGEST + 1];
        index.add(reference(blob(ImageManifest.MANIFEST, tooLong), "app:1"));
        assertThatThrownBy(() -> load(layout(), store)).hasMessageContaining("more than 4 MiB");
        index.clear();
        index.add(reference(blob(ImageManifest.MANIFEST, bytes("not json")), "app:1"));
        assertThatThrownBy(() -> load(layout(), store)).isInstanceOf(IOException.class);
        assertThat(store.names()).isEmpty();
        assertThat(left()).isEmpty();
    }

    @Test
    void aLinkInADirectoryDoesNotLeadOut() throws IOException {
        index.add(reference(image(Platform.here(), "layer"), "app:1"));
        var layout = layout();
        var secret = Files.writeString(directory.resolve("secret"), "layer");
        var layer = layout.resolve("blobs/sha256/" + Sha256.hex("layer"));
        Files.delete(layer);
        Files.createSymbolicLink(layer, secret);
        assertThatThrownBy(() -> load(layout, store())).hasMessageContaining("leads out");
    }

    /// What `docker save` writes since version 25 is both.
    @Test
    void namesThatOnlyTheOlderManifestHasAreFound() throws IOException {
        var manifest = image(Platform.here(), "layer");
        index.add(manifest);
        var config = ImageManifest.parse(
                        files.get("blobs/sha256/" + ((String) manifest.get("digest")).substring("sha256:".length())))
                .config()
                .orElseThrow();
        files.put(
                "manifest.json",
                Json.write(List.of(Trees.map(
                        "Config",
                        "blobs/" + config.digest().replace(':', '/'),
                        "RepoTags",
                        List.of("app:1"),
                        "Layers",
                        List.of()))));
        assertThat(load(archive(false), store())).containsExactly("docker.io/library/app:1");
    }

    @Test
    void whatIsCutShortIsNamed() throws IOException {
        index.add(reference(image(Platform.here(), "layer"), "app:1"));
        var whole = Files.readAllBytes(archive(false));
        for (int length : List.of(100, 700, whole.length / 2)) {
            var cut = Files.write(directory.resolve("cut.tar"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> load(cut, store()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(cut.toString());
        }
        assertThat(store().names()).isEmpty();
        assertThat(left()).isEmpty();
    }

    @Test
    void zstandardIsRefusedWithWhatToDo() throws IOException {
        var file = Files.write(directory.resolve("x.tar.zst"), new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0});
        assertThatThrownBy(() -> ImageArchive.load(file, store(), Optional.empty()))
                .hasMessageContaining("zstd -d");
    }
}
