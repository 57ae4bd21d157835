package io.navarch.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
    @TempDir
    Path directory;

    private static List<String> load(Path file, ImageStore store) throws IOException {
        return ImageArchive.load(file, store, Optional.empty());
    }

    private Path archive(Map<String, String> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                var entry = new TarArchiveEntry(file.getKey(), true);
                entry.setSize(file.getValue().length());
                tar.putArchiveEntry(entry);
                tar.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                tar.closeArchiveEntry();
            }
        }
        return Files.write(directory.resolve("image.tar"), bytes.toByteArray());
    }

    @Test
    void loadsWhatDockerSaves() throws IOException {
        var store = new ImageStore(directory.resolve("images"));
        var file = archive(Map.of(
                "manifest.json", "[{\"Config\":\"c.json\",\"RepoTags\":[\"app:1\"],\"Layers\":[\"l/layer.tar\"]}]",
                "c.json", "{}",
                "l/layer.tar", "layer"));
        assertThat(load(file, store)).containsExactly("docker.io/library/app:1");
        assertThat(new ImageStore(directory.resolve("images")).has("app:1")).isTrue();
    }

    @Test
    void refusesWhatIsNoArchiveAndPathsThatLeadOut() throws IOException {
        var store = new ImageStore(directory.resolve("images"));
        assertThatThrownBy(() -> load(archive(Map.of("x", "y")), store))
                .hasMessageContaining("neither index.json (OCI) nor manifest.json");
        assertThatThrownBy(() -> load(archive(Map.of("../x", "y")), store)).hasMessageContaining("leads out");
        assertThat(store.names()).isEmpty();
    }

    private static void entry(TarArchiveOutputStream tar, String name, byte type, String content) throws IOException {
        var entry = new TarArchiveEntry(name, type);
        if (type == TarConstants.LF_NORMAL) entry.setSize(content.length());
        else entry.setLinkName(content);
        tar.putArchiveEntry(entry);
        if (type == TarConstants.LF_NORMAL) tar.write(content.getBytes(StandardCharsets.UTF_8));
        tar.closeArchiveEntry();
    }

    /// A link of an archive means another file of the archive, and is never one of this machine.
    @Test
    void linksAreLookedUpInTheArchiveAlone() throws IOException {
        var store = new ImageStore(directory.resolve("images"));
        var secret = Files.writeString(directory.resolve("secret"), "of the host");
        var manifest = "[{\"Config\":\"c.json\",\"RepoTags\":[\"app:1\"],\"Layers\":[\"b/layer.tar\"]}]";
        for (var hostile : List.of("../../../etc/passwd", secret.toString())) {
            var bytes = new ByteArrayOutputStream();
            try (var tar = new TarArchiveOutputStream(bytes)) {
                entry(tar, "manifest.json", TarConstants.LF_NORMAL, manifest);
                entry(tar, "c.json", TarConstants.LF_NORMAL, "{}");
                entry(tar, "b/layer.tar", TarConstants.LF_SYMLINK, hostile);
            }
            var file = Files.write(directory.resolve("links.tar"), bytes.toByteArray());
            assertThatThrownBy(() -> load(file, store)).hasMessageContaining("leads out");
        }
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            entry(tar, "manifest.json", TarConstants.LF_NORMAL, manifest);
            entry(tar, "c.json", TarConstants.LF_NORMAL, "{}");
            entry(tar, "a/layer.tar", TarConstants.LF_NORMAL, "layer");
            entry(tar, "b/layer.tar", TarConstants.LF_SYMLINK, "../a/layer.tar");
            entry(tar, "loop", TarConstants.LF_SYMLINK, "loop");
        }
        var file = Files.write(directory.resolve("links.tar"), bytes.toByteArray());
        assertThat(load(file, store)).containsExactly("docker.io/library/app:1");
    }

    @Test
    void namesInTheManifestAreOfTheArchive() throws IOException {
        var store = new ImageStore(directory.resolve("images"));
        var secret = Files.writeString(directory.resolve("secret"), "of the host");
        for (var name : List.of(secret.toString(), "../secret", "nothing")) {
            for (var manifest : List.of(
                    "[{\"Config\":\"c.json\",\"RepoTags\":[\"app:1\"],\"Layers\":[\"" + name + "\"]}]",
                    "[{\"Config\":\"" + name + "\",\"RepoTags\":[\"app:1\"],\"Layers\":[]}]"))
                assertThatThrownBy(() -> load(archive(Map.of("manifest.json", manifest, "c.json", "{}")), store))
                        .as(manifest)
                        .isInstanceOf(IOException.class);
        }
        assertThat(store.names()).isEmpty();
    }

    @Test
    void sparseFilesAreRefused() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            tar.putArchiveEntry(new TarArchiveEntry("sparse", TarConstants.LF_GNUTYPE_SPARSE));
            tar.closeArchiveEntry();
        }
        var file = Files.write(directory.resolve("sparse.tar"), bytes.toByteArray());
        assertThatThrownBy(() -> load(file, new ImageStore(directory.resolve("images"))))
                .hasMessage(file + ": sparse is sparse, which is not read here");
    }

    @Test
    void layersAreCountedBeforeAnyIsRead() throws IOException {
        var layers = "\"none\",".repeat(ImageManifest.MOST_PARTS) + "\"none\"";
        var file = archive(
                Map.of("manifest.json", "[{\"Config\":\"c.json\",\"Layers\":[" + layers + "]}]", "c.json", "{}"));
        assertThatThrownBy(() -> load(file, new ImageStore(directory.resolve("images"))))
                .hasMessage(file + " has an image of more than 1000 layers");
    }

    @Test
    void nothingIsCopiedWithoutRoom() throws IOException {
        var blobs = new ImageStore(directory.resolve("images")).blobs();
        var layout = Files.createDirectory(directory.resolve("layout"));
        Files.writeString(layout.resolve("layer"), "layer");
        try (var files = ArchiveFiles.open(layout, blobs)) {
            assertThat(files.copy("layer")).hasContent("layer");
            blobs.promise(1L << 60);
            assertThatThrownBy(() -> files.copy("layer")).isInstanceOf(NoRoomException.class);
        }
    }
}
