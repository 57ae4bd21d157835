package io.navarch.apiserver.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiedPathTest {
    private static final String POD = "/api/v1/namespaces/ns/pods/p:80/proxy";

    /// What is escaped stays so: a question mark does not become a query, nor a slash a part of the path.
    @ParameterizedTest
    @CsvSource({
        "'', /",
        "/, /",
        "/a%20b/c, /a%20b/c",
        "/a%2Fb%3Fc=d, /a%2Fb%3Fc=d",
        "/%C3%A4?q=%26&r, /%C3%A4?q=%26&r",
        "?q=1, /?q=1",
        "/p:80/proxy/x, /p:80/proxy/x",
        "/a+b, /a+b"
    })
    void whatIsBehindTheSubresourceIsPassedOnAsItIs(String rest, String expected) {
        assertThat(ProxiedPath.of(POD + rest, "p:80", "proxy").behind()).isEqualTo(expected);
        assertThat(ProxiedPath.of(POD.replace("p:80", "p%3A80") + rest, "p:80", "proxy")
                        .behind())
                .isEqualTo(expected);
    }

    @Test
    void aPathThatReadsInAnotherWayIsRefused() {
        for (var path : new String[] {"/api/v1/namespaces/ns/pods/p:80%2Fproxy/x", "/api/%zz/p:80/x"})
            assertThatThrownBy(() -> ProxiedPath.of(path, "p:80", "proxy")).isInstanceOf(ApiException.class);
    }
}
