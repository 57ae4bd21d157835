package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.cri.ContainerRuntime.Login;
import io.navarch.model.Secret;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PullCredentialsTest {
    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Secret secret(String key, String json) {
        return Secret.of(View.of(Trees.map("data", Map.of(key, encoded(json)))));
    }

    private static List<String> users(String image, String auths) {
        return PullCredentials.of(image, List.of(secret(".dockerconfigjson", "{\"auths\": {" + auths + "}}"))).stream()
                .map(login -> login.user() + ":" + login.password())
                .toList();
    }

    private static String auth(String place, String user) {
        return "\"" + place + "\": {\"auth\": \"" + encoded(user + ":pass:word") + "\"}";
    }

    @Test
    void theLongestPlaceComesFirstAndOthersGetNothing() {
        var auths = String.join(
                ",",
                auth("https://reg.example/v1/", "whole"),
                auth("reg.example/team", "team"),
                auth("*.other.example", "any"),
                auth("reg.example:5000", "port"));
        assertThat(users("reg.example/team/app:1", auths)).containsExactly("team:pass:word", "whole:pass:word");
        assertThat(users("reg.example/x", auths)).containsExactly("whole:pass:word");
        assertThat(users("a.other.example/x", auths)).containsExactly("any:pass:word");
        assertThat(users("a.b.other.example/x", auths)).isEmpty();
        assertThat(users("reg.example:5000/x", auths)).containsExactly("port:pass:word");
        assertThat(users("reg.example.evil.org/x", auths)).isEmpty();
        assertThat(users("evil.org/reg.example/x", auths)).isEmpty();
        assertThat(users("busybox", auths)).isEmpty();
    }

    @Test
    void imagesWithoutARegistryAreOfTheDefaultOne() {
        var auths = auth("https://index.docker.io/v1/", "hub");
        for (var image : List.of("busybox", "team/app", "docker.io/team/app"))
            assertThat(users(image, auths)).as(image).containsExactly("hub:pass:word");
        assertThat(users("localhost:5000/app", auths)).isEmpty();
    }

    @Test
    void theOldFormAndPlainFieldsAreRead() {
        var old = secret(".dockercfg", "{\"reg.example\": {\"username\": \"u\", \"password\": \"p\"}}");
        assertThat(PullCredentials.of("reg.example/x", List.of(old))).containsExactly(new Login("u", "p"));
    }

    @Test
    void whatCannotBeReadSaysNothing() {
        for (var json : List.of(
                "", "[", "null", "7", "{\"auths\": 7}", "{\"auths\": {\"reg.example\": 7}}", "[".repeat(100_000)))
            assertThat(PullCredentials.of("reg.example/x", List.of(secret(".dockerconfigjson", json))))
                    .allMatch(login -> login.user().isEmpty());
        assertThat(users("reg.example/x", "\"reg.example\": {\"auth\": \"!!\"}"))
                .isEmpty();
        assertThat(users("reg.example/x", "\"reg.example\": {\"auth\": \"" + encoded("nocolon") + "\"}"))
                .isEmpty();
    }

    @Test
    void aPatternDoesNotCostMoreThanItsLength() {
        assertThat(users("a".repeat(60) + ".example/x", auth("*a".repeat(2000) + "*b.example", "u")))
                .isEmpty();
    }

    @Test
    void passwordsAreNotShown() {
        assertThat(new Login("u", "secret").toString()).doesNotContain("secret");
    }

    @Test
    void aRepositoryIsTheNameWithoutTagAndDigest() {
        assertThat(PullCredentials.repository("reg:5000/a/b:1@sha256:0")).isEqualTo("reg:5000/a/b");
        assertThat(PullCredentials.repository("reg:5000/a")).isEqualTo("reg:5000/a");
        assertThat(PullCredentials.repository("a:1")).isEqualTo("a");
    }
}
