package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    private static final String DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx",
                "nginx:1.22",
                "a/b/c__d:x_Y-1.2",
                "localhost/a",
                "HOST/a:1",
                "reg.example:5000/a@sha256:" + DIGEST,
                "a:1@sha256:" + DIGEST,
                "[::1]:5000/a",
                "docker.io/a"
            })
    void isOne(String image) {
        assertThat(ImageReference.problem(image)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'',invalid reference format",
        "a b,invalid reference format",
        "a:,invalid reference format",
        "-a,invalid reference format",
        "a//b,invalid reference format",
        "a:1:2,invalid reference format",
        "a@sha256:12,invalid reference format",
        "Foo,invalid reference format: repository name (library/Foo) must be lowercase",
        "reg.example/a/B:1,invalid reference format: repository name (a/B) must be lowercase",
        DIGEST + ",'invalid repository name (" + DIGEST + "), cannot specify 64-byte hexadecimal strings'",
        "a@sha255:" + DIGEST + ",unsupported digest algorithm",
        "a@sha256:" + DIGEST + "00,invalid checksum digest length"
    })
    void isNone(String image, String why) {
        assertThat(ImageReference.problem(image)).contains(why);
    }

    @Test
    void isTooLong() {
        assertThat(ImageReference.problem("a/" + "b".repeat(255)))
                .contains("repository name must not be more than 255 characters");
        assertThat(ImageReference.problem("a".repeat(1 << 20))).contains("invalid reference format");
    }
}
