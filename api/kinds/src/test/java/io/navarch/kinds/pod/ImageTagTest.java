package io.navarch.kinds.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageTagTest {
    private static final String DIGEST = "@sha256:" + "0a".repeat(32);

    @ParameterizedTest
    @CsvSource({
        "nginx,latest",
        "nginx:1,1",
        "registry:5000/a/b:v1,v1",
        "registry:5000/a,latest",
        "localhost/a,latest",
        "[::1]:5000/a:x,x",
        "Registry/a,latest",
        "docker.io/a:y,y",
        "A,''",
        "a/B,''",
        "../x,''",
        "a::b,''",
        "a@sha256:0,''",
        "'',''",
    })
    void isReadFromTheName(String image, String tag) {
        assertThat(ImageTag.of(image)).isEqualTo(tag);
    }

    @Test
    void isNoneBesidesADigestOnly() {
        assertThat(ImageTag.of("a" + DIGEST)).isEmpty();
        assertThat(ImageTag.of("a:latest" + DIGEST)).isEqualTo("latest");
    }

    @Test
    void isNoneOfWhatIsNoName() {
        assertThat(ImageTag.of("0a".repeat(32))).as("an identifier").isEmpty();
        assertThat(ImageTag.of("a".repeat(247))).isEqualTo("latest");
        assertThat(ImageTag.of("a".repeat(248)))
                .as("too long, with the folder of Docker Hub")
                .isEmpty();
    }
}
