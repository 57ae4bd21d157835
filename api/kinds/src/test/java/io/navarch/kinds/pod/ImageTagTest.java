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

    /// A name may be as long as a request: no part of it may cost stack.
    @Test
    void longNamesAreReadToo() {
        assertThat(ImageTag.of("a-".repeat(100_000) + "a")).isEmpty();
        assertThat(ImageTag.of("a/".repeat(100_000) + "a:x")).isEmpty();
        assertThat(ImageTag.of("a.".repeat(100_000) + "a/b:x")).isEqualTo("x");
        assertThat(ImageTag.of("a".repeat(247) + ":" + "t".repeat(128) + "@sha512:" + "0".repeat(128)))
                .isEqualTo("t".repeat(128));
    }

    @ParameterizedTest
    @CsvSource({"a.:1/b", ".a/b", "a..b/c", "a:/b", "[::1/b", "[g]/b", "a.-b/c", "A_/b"})
    void isNoneOfADomainThatIsNone(String image) {
        assertThat(ImageTag.of(image)).isEmpty();
    }
}
