package io.navarch.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
    @TempDir
    Path directory;

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
        assertThat(ImageArchive.load(file, store)).containsExactly("docker.io/library/app:1");
        assertThat(new ImageStore(directory.resolve("images")).has("app:1")).isTrue();
    }

    @Test
    void refusesWhatIsNoArchiveAndPathsThatLeadOut() throws IOException {
        var store = new ImageStore(directory.resolve("images"));
        assertThatThrownBy(() -> ImageArchive.load(archive(Map.of("x", "y")), store))
                .hasMessageContaining("no manifest.json");
        assertThatThrownBy(() -> ImageArchive.load(archive(Map.of("../x", "y")), store))
                .hasMessageContaining("leads out");
        assertThat(store.names()).isEmpty();
    }
}
