package io.navarch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    @ParameterizedTest
    @CsvSource({
        "/,/,/",
        "/a/b,/a/b,/a/b",
        "/a/,/a/,/a/",
        "//a///b,/a/b,/a/b",
        "/a/./b/.,/a/b/,/a/b/",
        "/a/../b,/b,/b",
        "/a/%2e%2E/b,/b,/b",
        "/a/.%2e/b/..,/,/",
        "/%61dmin,/admin,/admin",
        "/a%20b,/a b,/a%20b",
        "/caf%c3%a9,/café,/caf%C3%A9",
        "/caf\u00c3\u00a9,/café,/caf%C3%A9",
        "/a%3fb,/a?b,/a%3Fb",
        "/a%252e%252e/b,/a%2e%2e/b,/a%252e%252e/b",
        "/@scope%2fname,/@scope%2Fname,/%40scope%2Fname"
    })
    void isRoutedAndPassedOnInOneForm(String sent, String path, String uri) {
        var target = RequestTarget.of(sent.replace("@", "%40")).orElseThrow();
        assertThat(target.path().replace("%40", "@")).isEqualTo(path);
        assertThat(target.uri()).isEqualTo(uri);
    }

    @Test
    void theQueryIsLeftAlone() {
        assertThat(RequestTarget.of("/a/../b?c=%2e%2E&d=//../\\|x%")
                        .orElseThrow()
                        .uri())
                .isEqualTo("/b?c=%2e%2E&d=//../\\|x%");
        assertThat(RequestTarget.of("/?x=\u00e9").orElseThrow().uri()).isEqualTo("/?x=%E9");
    }

    @ParameterizedTest
    @CsvSource({
        "/x%2fadmin,/x/admin",
        "/%2Fadmin,/admin",
        "/%5Cadmin,/admin",
        "/admin;a=b/c;d,/admin/c",
        "/;x/admin,/admin"
    })
    void knowsWhatForgivingServersRead(String sent, String loose) {
        assertThat(RequestTarget.of(sent).orElseThrow().loose()).isEqualTo(loose);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "a",
                "http://other/a",
                "/..",
                "/a/../../b",
                "/a/%2e%2e/%2e%2e",
                "/a/..%2fb",
                "/a/..%5cb",
                "/a%2f..%2fb",
                "/a/..;/b",
                "/a/.;x/b",
                "/a%00b",
                "/a%0d%0ab",
                "/a%7f",
                "/a%",
                "/a%2",
                "/a%zz",
                "/a%+1",
                "/a b",
                "/a\tb",
                "/a#b",
                "/a\\b",
                "/a?b c",
                "/a?b\rc",
                "/\u0100"
            })
    void whatCouldBeReadInTwoWaysIsRefused(String sent) {
        assertThat(RequestTarget.of(sent)).isEmpty();
    }
}
