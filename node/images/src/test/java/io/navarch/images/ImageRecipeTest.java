package io.navarch.images;

import static org.assertj.core.api.Assertions.assertThat;

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
}
