package io.navarch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassedHeadersTest {
    private static final PassedHeaders.Origin ORIGIN =
            new PassedHeaders.Origin(new RequestHost("a.example", ":8443"), "https", "192.0.2.1", 8443);

    /// @param lines as in a request
    private static List<Map.Entry<String, String>> headers(String... lines) {
        var result = new ArrayList<Map.Entry<String, String>>();
        for (var line : lines) result.add(Map.entry(line.split(": ", 2)[0], line.split(": ", 2)[1]));
        return result;
    }

    private static List<String> lines(List<Map.Entry<String, String>> headers) {
        return headers.stream()
                .map(header -> header.getKey() + ": " + header.getValue())
                .toList();
    }

    private static final List<String> OURS = List.of(
            "X-Forwarded-For: 192.0.2.1",
            "X-Forwarded-Host: a.example",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Port: 8443",
            "X-Real-IP: 192.0.2.1",
            "Forwarded: for=192.0.2.1;host=\"a.example:8443\";proto=https");

    private static List<String> request(String... lines) {
        var passed = lines(PassedHeaders.request(headers(lines), ORIGIN, false, false));
        assertThat(passed).startsWith("Host: a.example:8443").endsWith(OURS.toArray(String[]::new));
        return passed.subList(1, passed.size() - OURS.size());
    }

    @Test
    void whatAClientSaysOfItselfIsReplaced() {
        assertThat(request(
                        "x-forwarded-for: 10.0.0.1",
                        "X-Forwarded-User: root",
                        "X_Forwarded_For: 10.0.0.1",
                        "X-Real-Ip: 10.0.0.1",
                        "x_real_ip: 10.0.0.1",
                        "Forwarded: for=10.0.0.1",
                        "Proxy: http://evil.example",
                        "x-http2-scheme: https",
                        "Host: b.example",
                        "Accept: */*"))
                .containsExactly("Accept: */*");
    }

    @Test
    void whatBelongsToTheConnectionStaysThere() {
        assertThat(request(
                        "Connection: Upgrade, HTTP2-Settings, X-Private , Authorization",
                        "Upgrade: h2c",
                        "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
                        "X-Private: 1",
                        "Keep-Alive: 5",
                        "TE: trailers",
                        "Trailer: X",
                        "Transfer-Encoding: chunked",
                        "Proxy-Authorization: Basic x",
                        "Expect: 100-continue",
                        "Content-Length: 0",
                        "Authorization: Bearer x",
                        "Cookie: a=b"))
                .containsExactly("Authorization: Bearer x", "Cookie: a=b");
    }

    @Test
    void aWebSocketIsAskedForInOurWords() {
        var asked = headers("Connection: keep-alive, Upgrade", "Upgrade: WebSocket", "Sec-WebSocket-Key: x");
        assertThat(PassedHeaders.webSocket("GET", asked)).isTrue();
        assertThat(lines(PassedHeaders.request(asked, ORIGIN, true, false)))
                .contains("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: x")
                .doesNotContain("Upgrade: WebSocket");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,Upgrade: h2c",
        "GET,'Upgrade: websocket, h2c'",
        "GET,Upgrade: TLS/1.0",
        "POST,Upgrade: websocket",
        "GET,Upgrade: websocket|Upgrade: h2c",
        "GET,Upgrade: websocket|Content-Length: 5",
        "GET,Upgrade: websocket|Transfer-Encoding: chunked"
    })
    void nothingElseIs(String method, String lines) {
        assertThat(PassedHeaders.webSocket(method, headers(lines.split("\\|")))).isFalse();
    }

    @Test
    void headersOfOneNameStayApart() {
        assertThat(lines(PassedHeaders.response(headers(
                        "Set-Cookie: a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
                        "Set-Cookie: b=2",
                        "WWW-Authenticate: Basic realm=\"x\"",
                        "WWW-Authenticate: Negotiate",
                        "Connection: X-Hop",
                        "X-Hop: 1",
                        "Upgrade: h2c",
                        "Content-Length: 3"))))
                .containsExactly(
                        "Set-Cookie: a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
                        "Set-Cookie: b=2",
                        "WWW-Authenticate: Basic realm=\"x\"",
                        "WWW-Authenticate: Negotiate",
                        "Content-Length: 3");
    }
}
