package io.navarch.specs;

import io.navarch.apps.Host;
import io.navarch.http.EventLoops;
import io.navarch.http.Exchange;
import io.navarch.http.HttpServer;
import io.navarch.http.Tls;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A server of a part of the API: toys, which can be listed, made, watched, deleted, and talked to. It believes
/// whoever shows the front proxy's certificate.
final class ExtensionUnderTest implements AutoCloseable {
    static final String GROUP = "toys.example.com";
    static final String ROOT = "/apis/" + GROUP + "/v1";
    private static final String KIND = "x-kubernetes-group-version-kind";

    /// @param headers names and values, as they were sent
    record Received(String method, String uri, List<Map.Entry<String, String>> headers) {
        List<String> values(String name) {
            return headers.stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    private final EventLoops loops = new EventLoops(1);
    private final HttpServer server;
    private final Pki pki;
    private final Map<String, Map<String, Object>> toys = new TreeMap<>();
    private final List<BlockingQueue<String>> watchers = new CopyOnWriteArrayList<>();
    private long revision = 100;
    /// What was asked below the group.
    final List<Received> received = new CopyOnWriteArrayList<>();
    /// Whether it answers at all.
    volatile boolean broken;
    /// Whether it knows documents of all groups at once.
    volatile boolean old;

    /// @param service `NAME.NAMESPACE` of the Service in front of it
    ExtensionUnderTest(Path directory, String service, String frontProxies) throws IOException {
        pki = new Pki(directory, InstantSource.system());
        var pair = pki.server("extension", "extension", List.of(service + ".svc"));
        var tls = Tls.server(pair.certificate(), pair.key(), frontProxies);
        server = HttpServer.secure(loops, new InetSocketAddress(Host.local().address(), 0), name -> tls, this::handle);
    }

    int port() {
        return server.port();
    }

    /// The last call of this; others, such as the garbage collector, call when they like.
    Received last(String uri) {
        return received.stream()
                .filter(each -> each.uri().equals(uri))
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    /// In base64, as an APIService has it.
    String caBundle() {
        return Base64.getEncoder().encodeToString(pki.authorityPem().getBytes(StandardCharsets.US_ASCII));
    }

    private void handle(Exchange exchange) throws Exception {
        if (broken) {
            exchange.respond(500, "text/plain", "broken".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        boolean proxy = exchange.clientCertificate()
                .filter(shown -> shown.getSubjectX500Principal().getName().equals("CN=front-proxy-client"))
                .isPresent();
        if (!proxy || exchange.header("X-Remote-User").isEmpty()) {
            send(exchange, 401, Trees.map("kind", "Status", "apiVersion", "v1", "code", 401));
            return;
        }
        var path = exchange.path();
        if (path.startsWith(ROOT + "/"))
            received.add(new Received(exchange.method(), exchange.uri(), List.copyOf(exchange.headers())));
        switch (path) {
            case "/apis" -> groups(exchange);
            case ROOT -> send(exchange, 200, resources());
            case "/openapi/v2" -> send(exchange, 200, openApi2());
            case "/openapi/v3" -> {
                if (old) send(exchange, 404, Trees.map());
                else
                    send(
                            exchange,
                            200,
                            Trees.map(
                                    "paths",
                                    Trees.map(
                                            ROOT.substring(1),
                                            Trees.map("serverRelativeURL", "/openapi/v3" + ROOT + "?hash=ABC"),
                                            "api/v1",
                                            Trees.map("serverRelativeURL", "/openapi/v3/api/v1?hash=STOLEN"))));
            }
            case "/openapi/v3" + ROOT -> send(exchange, 200, openApi3());
            default -> toy(exchange, path);
        }
    }

    private static void send(Exchange exchange, int code, Map<String, Object> tree) throws IOException {
        exchange.respond(code, "application/json", Json.write(tree));
    }

    private void groups(Exchange exchange) throws IOException {
        if (old || !exchange.header("Accept").contains("as=APIGroupDiscoveryList")) {
            send(exchange, 200, Trees.map("kind", "APIGroupList", "apiVersion", "v1", "groups", List.of()));
            return;
        }
        if (exchange.header("If-None-Match").equals("\"one\"")) {
            exchange.respond(304, Map.of("Etag", "\"one\""), new byte[0]);
            return;
        }
        var resource = Trees.map(
                "resource",
                "toys",
                "responseKind",
                Trees.map("group", GROUP, "version", "v1", "kind", "Toy"),
                "scope",
                "Namespaced",
                "singularResource",
                "toy",
                "shortNames",
                List.of("ty"),
                "verbs",
                List.of("create", "delete", "deletecollection", "get", "list", "watch"));
        var list = Trees.map(
                "kind",
                "APIGroupDiscoveryList",
                "apiVersion",
                "apidiscovery.k8s.io/v2",
                "metadata",
                Trees.map(),
                "items",
                List.of(Trees.map(
                        "metadata",
                        Trees.map("name", GROUP),
                        "versions",
                        List.of(Trees.map("version", "v1", "resources", List.of(resource))))));
        exchange.respond(
                200,
                Map.of(
                        "Content-Type",
                        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
                        "Etag",
                        "\"one\""),
                Json.write(list));
    }

    private static Map<String, Object> resources() {
        return Trees.map(
                "kind",
                "APIResourceList",
                "apiVersion",
                "v1",
                "groupVersion",
                GROUP + "/v1",
                "resources",
                List.of(
                        Trees.map(
                                "name",
                                "toys",
                                "singularName",
                                "toy",
                                "namespaced",
                                true,
                                "kind",
                                "Toy",
                                "verbs",
                                List.of("create", "delete", "deletecollection", "get", "list", "watch")),
                        Trees.map(
                                "name",
                                "toys/echo",
                                "singularName",
                                "",
                                "namespaced",
                                true,
                                "kind",
                                "Toy",
                                "verbs",
                                List.of("get"))));
    }

    private static Map<String, Object> schema(String prefix) {
        return Trees.map(
                "description",
                "A toy.",
                "type",
                "object",
                "properties",
                Trees.map("metadata", Trees.map("$ref", prefix + "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")),
                KIND,
                List.of(Trees.map("group", GROUP, "version", "v1", "kind", "Toy")));
    }

    private static Map<String, Object> paths(String prefix) {
        return Trees.map(
                ROOT + "/namespaces/{namespace}/toys",
                Trees.map(
                        "get",
                        Trees.map(
                                "responses",
                                Trees.map(
                                        "200",
                                        Trees.map(
                                                "description",
                                                "OK",
                                                "schema",
                                                Trees.map("$ref", prefix + "com.example.toys.v1.Toy"))))));
    }

    /// Its ObjectMeta is another than this server's.
    private static Map<String, Object> openApi2() {
        var prefix = "#/definitions/";
        var paths = paths(prefix);
        paths.put("/apis/stolen/v1/", Trees.map());
        return Trees.map(
                "swagger",
                "2.0",
                "paths",
                paths,
                "definitions",
                Trees.map(
                        "com.example.toys.v1.Toy",
                        schema(prefix),
                        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
                        Trees.map("type", "object", "description", "toys' own"),
                        "com.example.unused",
                        Trees.map("type", "object")));
    }

    private static Map<String, Object> openApi3() {
        return Trees.map(
                "openapi",
                "3.0.0",
                "paths",
                Trees.map(),
                "components",
                Trees.map("schemas", Trees.map("com.example.toys.v1.Toy", schema("#/components/schemas/"))));
    }

    private void toy(Exchange exchange, String path) throws Exception {
        var parts = path.substring(ROOT.length()).split("/");
        // "", namespaces, NAMESPACE, toys, NAME, SUBRESOURCE
        if (parts.length == 6) special(exchange, parts[5]);
        else if (exchange.query("watch").equals("true")) watch(exchange);
        else if (exchange.method().equals("POST")) create(exchange, parts[2]);
        else if (parts.length == 5) one(exchange, parts[2] + "/" + parts[4]);
        else collection(exchange, parts.length > 3 ? parts[2] + "/" : "");
    }

    private void special(Exchange exchange, String what) throws Exception {
        switch (what) {
            case "echo" -> {
                var raw = exchange.upgrade()
                        .raw(List.of(Map.entry("Connection", "Upgrade"), Map.entry("Upgrade", "echo")));
                raw.in().transferTo(raw.out());
                raw.close().run();
            }
            case "exec" -> {
                var socket = exchange.upgrade().webSocket("v5.channel.k8s.io");
                for (var message = socket.receive(); message.isPresent(); message = socket.receive())
                    socket.send(message.get());
            }
            case "away" -> exchange.respond(302, Map.of("Location", "https://elsewhere.example/"), new byte[0]);
            case "teapot" -> exchange.respond(418, "text/plain", "short and stout".getBytes(StandardCharsets.US_ASCII));
            case "mirror" -> exchange.respond(200, exchange.header("Content-Type"), exchange.body(4 << 20));
            default -> exchange.respond(404, "text/plain", new byte[0]);
        }
    }

    private synchronized void create(Exchange exchange, String namespace) throws IOException {
        var toy = Json.parseMap(exchange.body(1 << 20));
        var metadata = Trees.child(toy, "metadata");
        metadata.put("namespace", namespace);
        metadata.put("uid", "uid-" + ++revision);
        metadata.put("resourceVersion", String.valueOf(revision));
        metadata.put("annotations", Trees.map("made-by", exchange.header("X-Remote-User")));
        toys.put(namespace + "/" + View.of(toy).name(), toy);
        event("ADDED", toy);
        send(exchange, 201, toy);
    }

    private synchronized void one(Exchange exchange, String key) throws IOException {
        var toy = exchange.method().equals("DELETE") ? toys.remove(key) : toys.get(key);
        if (toy == null) {
            send(exchange, 404, Trees.map("kind", "Status", "apiVersion", "v1", "reason", "NotFound", "code", 404));
            return;
        }
        if (exchange.method().equals("DELETE")) event("DELETED", toy);
        send(exchange, 200, toy);
    }

    private synchronized void collection(Exchange exchange, String prefix) throws IOException {
        var found = new ArrayList<Object>();
        for (var key : List.copyOf(toys.keySet())) {
            if (!key.startsWith(prefix)) continue;
            found.add(toys.get(key));
            if (exchange.method().equals("DELETE")) event("DELETED", toys.remove(key));
        }
        send(
                exchange,
                200,
                Trees.map(
                        "kind",
                        "ToyList",
                        "apiVersion",
                        GROUP + "/v1",
                        "metadata",
                        Trees.map("resourceVersion", String.valueOf(revision)),
                        "items",
                        found));
    }

    private void event(String type, Map<String, Object> toy) {
        var line = Json.writeString(Trees.map("type", type, "object", toy)) + "\n";
        for (var each : watchers) each.add(line);
    }

    private void watch(Exchange exchange) throws IOException, InterruptedException {
        var queue = new LinkedBlockingQueue<String>();
        watchers.add(queue);
        exchange.patience(Duration.ZERO);
        exchange.onClose(() -> queue.add(""));
        try (var out = exchange.start(200, Map.of("Content-Type", "application/json"))) {
            while (true) {
                var line = queue.poll(60, TimeUnit.SECONDS);
                if (line == null || line.isEmpty()) return;
                out.write(line.getBytes(StandardCharsets.UTF_8));
            }
        } finally {
            watchers.remove(queue);
        }
    }

    @Override
    public void close() {
        server.close();
        loops.close();
    }
}
