package io.navarch.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileTest {
    @TempDir
    Path directory;

    private Path context;

    @BeforeEach
    void context() throws IOException {
        context = Files.createDirectory(directory.resolve("context"));
    }

    private ImageStore store() throws IOException {
        return new ImageStore(directory.resolve("images"));
    }

    private Dockerfile read(String name, String text) throws IOException {
        Files.writeString(context.resolve("Dockerfile"), text);
        return Dockerfile.read(context, List.of(name));
    }

    private View config(ImageStore store, String name) throws IOException {
        return store.config(store.find(name).orElseThrow()).get("config");
    }

    /// Names and contents of the files in an image's last layer.
    private static List<String> last(ImageStore store, String name) throws IOException {
        var manifest = ImageManifest.read(store.blobs().file(store.find(name).orElseThrow()));
        var found = new ArrayList<String>();
        try (var tar = new TarArchiveInputStream(Files.newInputStream(
                store.blobs().file(manifest.layers().getLast().digest())))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry())
                found.add(entry.getName() + (entry.isFile() ? "=" + new String(tar.readAllBytes()) : ""));
        }
        return found;
    }

    @Test
    void filesAndTheStartOfProcessesAreWhatItSays() throws IOException {
        Files.writeString(context.resolve("app.py"), "print()");
        Files.createDirectories(context.resolve("static/css"));
        Files.writeString(context.resolve("static/css/a.css"), "a {}");
        var store = store();
        read("app:1", """
                # comment
                ARG PORT=8080
                FROM scratch
                LABEL owner=me "version"=1
                ENV HOME=/srv MODE="two words" PORT=${PORT:-80}
                WORKDIR $HOME/app
                COPY app.py ./
                COPY static \\
                    # between the lines
                    public/
                EXPOSE $PORT 53/udp
                USER 1000:1000
                ENTRYPOINT ["/bin/python", "app.py"]
                CMD ["$HOME"]
                """.replace(" \"version\"=1", "")).build(store);
        var config = config(store, "app:1");
        assertThat(config.get("Env").strings()).contains("HOME=/srv", "MODE=two words", "PORT=8080");
        assertThat(config.get("WorkingDir").string()).isEqualTo("/srv/app");
        assertThat(config.get("User").string()).isEqualTo("1000:1000");
        assertThat(config.get("ExposedPorts").map()).containsOnlyKeys("8080/tcp", "53/udp");
        assertThat(config.get("Entrypoint").strings()).containsExactly("/bin/python", "app.py");
        assertThat(config.get("Cmd").strings()).containsExactly("$HOME");
        assertThat(config.get("Labels", "owner").string()).isEqualTo("me");
        assertThat(last(store, "app:1"))
                .contains("srv/app/public/css/a.css=a {}")
                .doesNotContain("srv/app/public/static/");
    }

    @Test
    void itGoesOnFromAnImageThatIsHere() throws IOException {
        var store = store();
        Files.writeString(context.resolve("f"), "1");
        read("base:1", "FROM scratch\nENV A=1\nCOPY f /f\nCMD a b").build(store);
        read("app:1", "FROM base:1\nENV B=$A\nCOPY f /g").build(store);
        var config = config(store, "app:1");
        assertThat(config.get("Env").strings()).contains("A=1", "B=1");
        assertThat(config.get("Cmd").strings()).containsExactly("/bin/sh", "-c", "a b");
        assertThat(last(store, "app:1")).containsExactly("g=1");
        assertThatThrownBy(() -> read("x:1", "FROM elsewhere:1").build(store))
                .hasMessageContaining("the image elsewhere:1 is not here");
    }

    @Test
    void theSameMakesTheSameAndAnythingElseAnother() throws IOException {
        var store = store();
        Files.writeString(context.resolve("f"), "1");
        read("base:1", "FROM scratch\nCOPY f /f").build(store);
        var app = read("app:1", "FROM base:1\nCOPY f /g");
        assertThat(app.made(store)).isFalse();
        var first = app.build(store);
        assertThat(app.made(store)).isTrue();
        assertThat(app.build(store)).isEqualTo(first);
        Files.writeString(context.resolve("f"), "2");
        assertThat(app.made(store)).isFalse();
        assertThat(app.build(store)).isNotEqualTo(first);
        assertThat(app.made(store)).isTrue();
        read("base:1", "FROM scratch\nENV X=1\nCOPY f /f").build(store);
        assertThat(read("app:1", "FROM base:1\nCOPY f /g").made(store))
                .as("another base")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RUN apt-get install x|line 2: RUN: nothing is run",
                "ADD http://x /|line 2: ADD: COPY copies files",
                "FROM scratch AS b|line 2: FROM: one stage",
                "COPY --chown=1 f /f|line 2: COPY: --chown=1 is not there",
                "COPY ../secret /f|line 2: COPY: ../secret is outside",
                "COPY link /f|line 2: COPY: link leads out",
                "COPY nothing /f|line 2: COPY: nothing is not there",
                "COPY f|line 2: COPY: what and where to",
                "EXPOSE http|line 2: EXPOSE: no port: http",
                "ENV A|line 2: ENV: NAME=VALUE is needed",
                "CMD [1|line 2: CMD: no list of strings",
                "FETCH x|line 2: FETCH: unknown instruction"
            })
    void whatIsNotThereIsRefusedWithItsLine(String line, String why) throws IOException {
        Files.writeString(directory.resolve("secret"), "s");
        Files.createSymbolicLink(context.resolve("link"), directory.resolve("secret"));
        Files.writeString(context.resolve("f"), "1");
        var store = store();
        assertThatThrownBy(() -> read("app:1", "FROM scratch\n" + line).build(store))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
        assertThat(store.names()).isEmpty();
    }

    @Test
    void fromIsNeededFirst() {
        assertThatThrownBy(() -> read("a:1", "")).hasMessageContaining("FROM is needed");
        assertThatThrownBy(() -> read("a:1", "ENV A=1\nFROM scratch")).hasMessageContaining("FROM comes first");
    }

    /// A link that one source brings must not be taken for a directory of the next one.
    @Test
    void theModeOfNothingOutsideOfTheImageIsSet() throws IOException {
        var victim = Files.writeString(directory.resolve("victim"), "of the host");
        var before = Files.getPosixFilePermissions(victim);
        Files.createDirectories(context.resolve("a"));
        Files.createSymbolicLink(context.resolve("a/x"), victim);
        var hostile = Files.createDirectories(context.resolve("b/x"));
        Files.setPosixFilePermissions(hostile, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> read("app:1", "FROM scratch\nCOPY a b /\n").build(store()))
                .hasMessageContaining("Dockerfile line 2: COPY: /x is a directory here");
        assertThat(Files.getPosixFilePermissions(victim)).isEqualTo(before);
    }
}
