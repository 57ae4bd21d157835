package io.navarch.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.http.EventLoops;
import io.navarch.http.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NodeLogsTest {
    @TempDir
    Path directory;

    private String get(boolean queries, String uri) throws IOException, InterruptedException {
        var logs = new NodeLogs(directory.resolve("log"), queries);
        try (var loops = new EventLoops(1);
                var server = HttpServer.plain(
                        loops,
                        new InetSocketAddress("127.0.0.1", 0),
                        exchange -> logs.handle(exchange, exchange.path().substring("/logs/".length())));
                var client = HttpClient.newHttpClient()) {
            var call = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/logs/" + uri))
                    .build();
            var answer = client.send(call, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }
    }

    @Test
    void filesAreShownAsFarAsNoLinkLeadsOut() throws Exception {
        var root = Files.createDirectories(directory.resolve("log/pods")).getParent();
        Files.writeString(directory.resolve("secret"), "hidden");
        Files.writeString(root.resolve("pods/a.log"), "a");
        Files.writeString(root.resolve("one.log"), "1");
        Files.createSymbolicLink(root.resolve("inside"), Path.of("pods/a.log"));
        Files.createSymbolicLink(root.resolve("outside"), directory.resolve("secret"));
        assertThat(get(false, "one.log")).isEqualTo("200 1");
        assertThat(get(false, "inside")).isEqualTo("200 a");
        assertThat(get(false, "outside")).startsWith("404");
        assertThat(get(false, "..%2fsecret")).startsWith("404");
        assertThat(get(false, "pods/")).contains("<a href=\"a.log\">a.log</a>");
        assertThat(get(false, "")).contains("<a href=\"pods/\">pods/</a>");
        Files.writeString(root.resolve("pods/javascript:alert(1)"), "");
        Files.writeString(root.resolve("pods/a?b"), "");
        assertThat(get(false, "pods/"))
                .contains("<a href=\"./javascript:alert%281%29\">javascript:alert(1)</a>")
                .contains("<a href=\"a%3Fb\">a?b</a>");
        // Nobody has allowed it.
        assertThat(get(false, "?query=one")).contains("pods/");
        assertThat(get(true, "?query=/one.log")).isEqualTo("200 1");
        assertThat(get(true, "?query=/../secret"))
                .isEqualTo("406 query: Invalid value: [\"/../secret\"]: statat /../secret: path escapes from parent\n");
        assertThat(get(true, "?query=pods/none"))
                .isEqualTo("406 query: Invalid value: [\"pods/none\"]: statat pods/none: no such file or directory\n");
        assertThat(get(true, "?query=one")).isEqualTo("200 1");
        assertThat(get(true, "?query=none-of-that-name")).contains("log not found for none-of-that-name");
        assertThat(get(true, "?query=one&tailLines=1")).contains("try without specifying options");
        assertThat(get(true, "?query=")).isEqualTo("400 query: Invalid value: [\"\"]: may not be empty\n");
        assertThat(get(true, "pods?query=a")).isEqualTo("406 path not allowed in query mode\n");
    }
}
