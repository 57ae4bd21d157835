package io.navarch.benchmarks;

import io.navarch.benchmarks.api.TakesAnyServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;

/// Clients that want a server's memory: lists in every form, bodies of the worst shapes, watches that nobody reads; and
/// somebody else, from another address, who wants little. Says what each was answered, and what the server keeps when
/// all are gone.
///
/// `Siege PORT TOKEN SECONDS OBJECTS`
public final class Siege {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final byte[] NOTHING = {};
    private static final int LISTING = 200;
    private static final int WATCHING = 1000;
    private static final int LARGE = 3_000_000;
    private static final int SIZE = 20_000;

    private static final String JSON = "application/json";
    private static final List<String> FORMS = List.of(
            JSON,
            "application/vnd.kubernetes.protobuf",
            "application/json;as=Table;v=v1;g=meta.k8s.io",
            "application/yaml",
            "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");
    private static final List<String> QUERIES = List.of(
            "",
            "?limit=500",
            "?fieldSelector=metadata.name%3Dx",
            "?labelSelector=a%3Db",
            "?resourceVersion=0",
            "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=3");

    private final int port;
    private final String token;
    private final SSLContext tls;
    private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();
    private volatile boolean ended;

    private Siege(int port, String token) throws GeneralSecurityException {
        this.port = port;
        this.token = token;
        tls = TakesAnyServer.context();
    }

    public static void main(String[] arguments) throws Exception {
        var siege = new Siege(Integer.parseInt(arguments[0]), arguments[1]);
        siege.run(Duration.ofSeconds(Long.parseLong(arguments[2])), Integer.parseInt(arguments[3]));
    }

    private void run(Duration time, int objects) throws Exception {
        fill(objects);
        System.out.println("live before: " + (live() >> 20) + " MiB");
        var bodies = List.of(keys(), deep(), objects(), sequence(), map());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < LISTING; i++) {
                var form = FORMS.get(i % FORMS.size());
                var path = MAPS + QUERIES.get(i / FORMS.size() % QUERIES.size());
                threads.execute(() -> repeat("list", () -> call("127.0.0.1", "GET", path, form, "", NOTHING)));
            }
            for (int i = 0; i < 40; i++) {
                var body = bodies.get(i % bodies.size());
                boolean apply = i / bodies.size() % 2 == 1;
                var type = apply ? "application/apply-patch+yaml" : i % bodies.size() < 3 ? JSON : "application/yaml";
                var path = MAPS + (apply ? "/x?fieldManager=a&force=true&dryRun=All" : "?dryRun=All");
                threads.execute(() ->
                        repeat("body", () -> call("127.0.0.1", apply ? "PATCH" : "POST", path, JSON, type, body)));
            }
            for (int i = 0; i < WATCHING; i++) threads.execute(() -> repeat("watch", this::watch));
            threads.execute(() -> repeat("other", () -> {
                int code = call("127.0.0.2", "GET", "/api/v1/namespaces/default", JSON, "", NOTHING);
                Thread.sleep(100);
                return code;
            }));
            Thread.sleep(time);
            ended = true;
        }
        new TreeMap<>(answers).forEach((what, count) -> System.out.println(what + ": " + count));
        // Twice the time of a collection when nobody asks for memory.
        for (int i = 0; i < 7; i++) {
            Thread.sleep(Duration.ofSeconds(10));
            System.out.println("live " + (i + 1) * 10 + " s after: " + (live() >> 20) + " MiB");
        }
    }

    private interface Action {
        int code() throws Exception;
    }

    private void repeat(String what, Action action) {
        while (!ended) {
            String told;
            try {
                told = String.valueOf(action.code());
            } catch (IOException e) {
                told = "cut off";
            } catch (Exception e) {
                told = e.toString();
            }
            answers.computeIfAbsent(what + " " + told, each -> new AtomicLong()).incrementAndGet();
        }
    }

    private void fill(int objects) throws IOException {
        var data = "x".repeat(SIZE);
        try (var threads = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < objects; i++) {
                var body = ("{\"metadata\":{\"name\":\"m" + i + "\"},\"data\":{\"a\":\"" + data + "\"}}")
                        .getBytes(StandardCharsets.US_ASCII);
                threads.execute(() -> {
                    try {
                        call("127.0.0.1", "POST", MAPS, JSON, JSON, body);
                    } catch (IOException e) {
                        System.out.println(e);
                    }
                });
            }
        }
    }

    private Socket connect(String from) throws IOException {
        var socket = tls.getSocketFactory().createSocket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port), 20_000);
        socket.setSoTimeout(60_000);
        return socket;
    }

    private byte[] head(String method, String path, String accept, String type, int length) {
        return (method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer " + token
                        + "\r\nAccept: " + accept
                        + (type.isEmpty() ? "" : "\r\nContent-Type: " + type + "\r\nContent-Length: " + length)
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// One call, read to its end.
    private int call(String from, String method, String path, String accept, String type, byte[] body)
            throws IOException {
        try (var socket = connect(from)) {
            var out = socket.getOutputStream();
            out.write(head(method, path, accept, type, body.length));
            try {
                out.write(body);
            } catch (IOException e) {
                // It may have been answered before all was sent.
            }
            int code = code(socket.getInputStream());
            var rest = new byte[1 << 16];
            while (!ended && socket.getInputStream().read(rest) > 0) {}
            return code;
        }
    }

    private static int code(InputStream in) throws IOException {
        var line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
        if (line.length() < 12) throw new IOException("closed");
        return Integer.parseInt(line.substring(9));
    }

    /// Asks for everything and reads none of it.
    private int watch() throws Exception {
        try (var socket = connect("127.0.0.1")) {
            socket.getOutputStream().write(head("GET", MAPS + "?watch=1", JSON, "", 0));
            while (!ended) Thread.sleep(100);
            return 0;
        }
    }

    private long live() throws IOException {
        try (var socket = connect("127.0.0.2")) {
            socket.getOutputStream().write(head("GET", "/metrics", "*/*", "", 0));
            var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return text.lines()
                    .filter(line -> line.startsWith("navarch_heap_live_bytes "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
                    .findFirst()
                    .orElse(0);
        }
    }

    private static byte[] keys() {
        var text = new StringBuilder("{\"metadata\":{\"name\":\"x\"},\"data\":{\"\":\"\"");
        for (int i = 0; text.length() < LARGE; i++)
            text.append(",\"").append(Integer.toString(i, 36)).append("\":\"\"");
        return text.append("}}").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] deep() {
        var one = "[".repeat(490) + "]".repeat(490);
        var parts = new ArrayList<String>();
        for (int i = 0; i < LARGE / one.length(); i++) parts.add(one);
        return ("{\"metadata\":{\"name\":\"x\"},\"other\":[" + String.join(",", parts) + "]}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] objects() {
        return ("{\"metadata\":{\"name\":\"x\"},\"immutable\":[{}" + ",{}".repeat(LARGE / 3) + "]}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] sequence() {
        return ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nother: [a" + ",a".repeat(LARGE / 2) + "]\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] map() {
        var text = new StringBuilder("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n");
        IntStream.iterate(0, i -> text.length() < LARGE, i -> i + 1)
                .forEach(i -> text.append(" ").append(Integer.toString(i, 36)).append(": a\n"));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
