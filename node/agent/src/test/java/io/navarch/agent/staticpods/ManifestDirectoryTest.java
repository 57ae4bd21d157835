package io.navarch.agent.staticpods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.kinds.BuiltInKinds;
import io.navarch.kinds.pod.PodManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ManifestDirectoryTest {
    private static final String POD = """
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s"},
             "spec": {"containers": [{"name": "c", "image": "i"}]}}
            """;

    @TempDir
    Path root;

    private Path path;
    private ManifestDirectory directory;

    @BeforeEach
    void begin() throws IOException {
        path = Files.createDirectory(root.resolve("manifests"));
        var manifests = new PodManifest(BuiltInKinds.types());
        directory = new ManifestDirectory(path, "n", () -> manifests);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(path.resolve(name), text);
    }

    @Test
    void everyFileIsAPodWhateverItsEnding() throws IOException {
        write("a.json", POD.formatted("a"));
        write("b", "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {containers: [{name: c, image: i}]}\n");
        write(".hidden.yaml", POD.formatted("hidden"));
        write("broken.yaml", "{");
        Files.createDirectory(path.resolve("below"));
        var pods = directory.list();
        assertThat(pods).containsOnlyKeys("a.json", "b");
        assertThat(pods.get("a.json").name()).isEqualTo("a-n");
        assertThat(directory.list()).isEqualTo(pods);
    }

    @Test
    @Timeout(60)
    void linksPipesAndDevicesAreLeftAlone() throws Exception {
        write("a", POD.formatted("a"));
        var outside = Files.writeString(root.resolve("secret"), POD.formatted("outside"));
        Files.createSymbolicLink(path.resolve("link"), outside);
        Files.createSymbolicLink(path.resolve("inside"), Path.of("a"));
        Files.createSymbolicLink(path.resolve("endless"), Path.of("/dev/zero"));
        var made = new ProcessBuilder("mkfifo", path.resolve("pipe").toString()).start();
        assertThat(made.waitFor()).isZero();
        assertThat(directory.list()).containsOnlyKeys("a");
        assertThat(directory.read("link")).isEmpty();
        assertThat(directory.read("pipe")).isEmpty();
        assertThat(directory.read("../secret")).isEmpty();
    }

    @Test
    void whatIsTooLongIsNoPod() throws IOException {
        write("long", POD.formatted("long") + " ".repeat(ManifestDirectory.LONGEST));
        write("a", POD.formatted("a"));
        assertThat(directory.list()).containsOnlyKeys("a");
    }

    @Test
    void ofTooManyFilesNoneIsLookedAt() throws IOException {
        for (int i = 0; i <= ManifestDirectory.MOST_FILES; i++) write("f" + i, "");
        assertThatThrownBy(() -> directory.list())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than");
    }

    @Test
    void aDirectoryThatIsNotThereHasNoPods() throws IOException {
        Files.delete(path);
        assertThat(directory.list()).isEmpty();
    }
}
