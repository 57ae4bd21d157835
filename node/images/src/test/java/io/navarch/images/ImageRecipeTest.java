package io.navarch.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageRecipeTest {
    @TempDir
    Path directory;

    @Test
    void aRecipeSaysWhatIsInTheImageAndHowItStarts() throws IOException {
        var file = Files.writeString(directory.resolve("web.yaml"), """
                names: ["web:1", "web"]
                packages: [nginx-light, libc6]
                busybox: true
                files: {/etc/motd: hello}
                links: {/var/log/nginx/access.log: /dev/stdout}
                entrypoint: [/usr/sbin/nginx]
                command: [-g, daemon off;]
                environment: [A=b]
                """);
        var recipe = ImageRecipe.read(file);
        assertThat(recipe)
                .isEqualTo(new ImageRecipe(
                        List.of("web:1", "web"),
                        List.of("nginx-light", "libc6"),
                        true,
                        true,
                        Map.of("/etc/motd", "hello"),
                        Map.of("/var/log/nginx/access.log", "/dev/stdout"),
                        List.of("/usr/sbin/nginx"),
                        List.of("-g", "daemon off;"),
                        List.of("A=b")));
        assertThat(recipe.summary()).isEqualTo("web:1 (nginx-light, libc6)");
    }

    @Test
    void thePauseImageIsTheOneThatContainerdIsToldOf() {
        assertThat(ImageRecipe.pause().names()).containsExactly(Containerd.PAUSE_IMAGE);
    }

    private static ImageRecipe recipe(List<String> packages, Map<String, String> files, Map<String, String> links) {
        return new ImageRecipe(List.of("a:1"), packages, true, false, files, links, List.of(), List.of(), List.of());
    }

    /// A recipe is data: nothing of it is a command, and no path of it is one of this machine.
    @Test
    void aRecipeReachesNothingButItsImage() throws IOException {
        var store = new ImageStore(directory.resolve("images"));
        var victim = directory.resolve("pwned");
        for (var name : List.of("x; touch " + victim, "$(touch " + victim + ")", "-o=x", "../x", "a/b", ""))
            assertThatThrownBy(() -> recipe(List.of(name), Map.of(), Map.of()).build(store))
                    .as(name)
                    .hasMessageContaining("no name of a package");
        var up = "/..".repeat(20) + victim;
        for (var path : List.of(up, "relative", "/a//b", "/a/./b", "/")) {
            assertThatThrownBy(
                            () -> recipe(List.of(), Map.of(path, "x"), Map.of()).build(store))
                    .as(path)
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(
                            () -> recipe(List.of(), Map.of(), Map.of(path, "x")).build(store))
                    .as(path)
                    .isInstanceOf(IOException.class);
        }
        assertThat(victim).doesNotExist();
        assertThat(store.names()).isEmpty();
    }

    @Test
    void linksOfAnImageMeanWhatTheyMeanInAContainer() throws IOException {
        var image = new ImageRoot(Files.createDirectory(directory.resolve("root")));
        image.link("/bin", "usr/bin");
        image.link("/abroad", directory.toString());
        image.link("/up", "../../../up-there");
        image.link("/loop", "loop");
        image.directory("/usr");
        image.write("/bin/tool", "x");
        image.write("/abroad/file", "x");
        image.write("/up/file", "x");
        assertThat(directory.resolve("root/usr/bin/tool")).hasContent("x");
        assertThat(directory.resolve("file")).doesNotExist();
        assertThat(directory.resolve("root/up-there/file")).hasContent("x");
        assertThatThrownBy(() -> image.write("/loop/file", "x")).isInstanceOf(IOException.class);
        image.link("/tool", directory.resolve("file").toString());
        image.write("/tool", "mine");
        assertThat(directory.resolve("file")).doesNotExist();
        assertThat(directory.resolve("root/tool")).hasContent("mine");
    }

    @Test
    void mistakesAreToldInOneLine() throws IOException {
        var file = directory.resolve("web.yaml");
        for (var each : Map.of(
                        "names: [a]\npackages: [nginx, nginx]", "the package nginx is named twice",
                        "names: [a]\npackages: [nginx=1, nginx]", "the package nginx is named twice",
                        "names: [a]\npackage: [nginx]", "unknown key package (did you mean packages?)",
                        "names: [a]\npackages: nginx", "packages must be a list",
                        "packages: [nginx]", "names is needed",
                        "names: [A B]", "no name of an image",
                        "names: [a", "line")
                .entrySet()) {
            Files.writeString(file, each.getKey());
            assertThatThrownBy(() -> ImageRecipe.read(file))
                    .as(each.getKey())
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + ": ")
                    .hasMessageContaining(each.getValue());
        }
    }

    @Test
    void aRecipeThatHasChangedIsMadeAgain() throws IOException {
        var store = new ImageStore(directory.resolve("images"));
        var first = recipe(List.of(), Map.of("/a", "1"), Map.of());
        assertThat(first.made(store)).isFalse();
        var digest = first.build(store);
        assertThat(first.made(store)).isTrue();
        assertThat(first.build(store)).isEqualTo(digest);
        var second = recipe(List.of(), Map.of("/a", "2"), Map.of());
        assertThat(second.made(store)).isFalse();
        assertThat(second.build(store)).isNotEqualTo(digest);
        assertThat(second.made(store)).isTrue();
        assertThat(first.made(store)).isFalse();
    }
}
