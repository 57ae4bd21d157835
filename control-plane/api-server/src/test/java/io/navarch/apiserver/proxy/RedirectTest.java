package io.navarch.apiserver.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectTest {
    private final Redirect redirect = new Redirect("/api/v1/pods/p/proxy", "10.0.0.7:80", "cluster:6443");

    @ParameterizedTest
    @CsvSource({
        "/login?next=/a#b, /api/v1/pods/p/proxy/login?next=/a#b",
        "/, /api/v1/pods/p/proxy/",
        "/api/v1/secrets, /api/v1/pods/p/proxy/api/v1/secrets",
        "/../../x/, /api/v1/pods/p/proxy/x/",
        "/api/v1/pods/p/proxy/x, /api/v1/pods/p/proxy/x",
        "/api/v1/pods/p/proxy/../../../secrets, /api/v1/pods/p/proxy/api/v1/secrets",
        "http://10.0.0.7:80/x, /api/v1/pods/p/proxy/x",
        "https://cluster:6443/x, https://cluster:6443/api/v1/pods/p/proxy/x",
        "https://example.org/x, https://example.org/x",
        "x/y, x/y"
    })
    void leadsThroughTheServer(String location, String seen) {
        assertThat(redirect.behind(location)).isEqualTo(seen);
    }
}
