package io.navarch.blackbox;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// A server of a part of the API, for whom the front proxy speaks for: toys, which can be listed, watched and
/// made. Each toy is a small cluster as well, with a pod of its own name in which commands are run.
final class ExtensionServer implements AutoCloseable {
    static final String GROUP = "toys.example.com";
    private static final String ROOT = "/apis/" + GROUP + "/v1";
    private static final String TOYS = ROOT + "/namespaces/default/toys";
    private static final String CLUSTER = "/cluster";
    private static final String PODS = "/api/v1/namespaces/default/pods/";

    /// Channels of the protocol for commands.
    private static final byte STDIN = 0;

    private static final byte STDOUT = 1;
    private static final byte STATUS = 3;
    private static final byte CLOSED = (byte) 255;

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    /// Touched on the loop of the server's events alone, as are those who watch.
    private final Map<String, JsonObject> toys = new TreeMap<>();

    private final List<HttpServerResponse> watchers = new ArrayList<>();

    /// @param key in PEM, as are the others
    /// @param clients the authority of clients that may call at all
    ExtensionServer(Path key, Path certificate, Path clients) throws Exception {
        var options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(
                        new PemKeyCertOptions().setKeyPath(key.toString()).setCertPath(certificate.toString()))
                .setTrustOptions(new PemTrustOptions().addCertPath(clients.toString()))
                .setClientAuth(ClientAuth.REQUIRED)
                .addWebSocketSubProtocol("v5.channel.k8s.io");
        server = vertx.createHttpServer(options);
        server.requestHandler(this::answer).webSocketHandler(ExtensionServer::run);
        server.listen(0, "0.0.0.0").toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    int port() {
        return server.actualPort();
    }

    private void answer(HttpServerRequest request) {
        var path = request.path();
        int cluster = path.indexOf(CLUSTER + "/");
        if (cluster > 0) answer(request, ofCluster(path.substring(cluster + CLUSTER.length())));
        else if (path.equals(ROOT)) answer(request, resources(GROUP + "/v1", "toys", "Toy"));
        else if (!path.endsWith("/toys")) answer(request, null);
        else if (request.method().name().equals("POST")) request.bodyHandler(body -> make(request, body));
        else if ("true".equals(request.getParam("watch"))) {
            watchers.add(request.response().setChunked(true));
            request.response().writeHead();
        } else answer(request, list("ToyList", GROUP + "/v1", List.copyOf(toys.values())));
    }

    private static void answer(HttpServerRequest request, JsonObject object) {
        var found = object == null ? object("Status", "v1").put("code", 404) : object;
        request.response()
                .setStatusCode(object == null ? 404 : 200)
                .putHeader("Content-Type", "application/json")
                .end(found.encode());
    }

    private static JsonObject ofCluster(String path) {
        return switch (path) {
            case "/api" -> object("APIVersions", "v1").put("versions", new JsonArray().add("v1"));
            case "/apis" -> object("APIGroupList", "v1").put("groups", new JsonArray());
            case "/api/v1" -> resources("v1", "pods", "Pod");
            default -> path.startsWith(PODS) ? pod(path.substring(PODS.length())) : null;
        };
    }

    private static JsonObject pod(String name) {
        var containers = new JsonArray().add(new JsonObject().put("name", "main"));
        return object("Pod", "v1")
                .put("metadata", new JsonObject().put("name", name).put("namespace", "default"))
                .put("spec", new JsonObject().put("containers", containers))
                .put("status", new JsonObject().put("phase", "Running"));
    }

    private static JsonObject object(String kind, String apiVersion) {
        return new JsonObject().put("kind", kind).put("apiVersion", apiVersion);
    }

    private static JsonObject list(String kind, String apiVersion, List<JsonObject> items) {
        return object(kind, apiVersion)
                .put("metadata", new JsonObject().put("resourceVersion", "1"))
                .put("items", new JsonArray(items));
    }

    private static JsonObject resources(String groupVersion, String plural, String kind) {
        var resource = new JsonObject()
                .put("name", plural)
                .put("singularName", kind.toLowerCase(Locale.ROOT))
                .put("namespaced", true)
                .put("kind", kind)
                .put("verbs", new JsonArray(List.of("create", "get", "list", "watch")));
        return object("APIResourceList", "v1")
                .put("groupVersion", groupVersion)
                .put("resources", new JsonArray().add(resource));
    }

    private void make(HttpServerRequest request, Buffer body) {
        var toy = body.toJsonObject();
        var metadata = toy.getJsonObject("metadata").put("namespace", "default").put("resourceVersion", "2");
        toys.put(metadata.getString("name"), toy);
        for (var each : watchers)
            each.write(new JsonObject().put("type", "ADDED").put("object", toy).encode() + "\n");
        request.response()
                .setStatusCode(201)
                .putHeader("Content-Type", "application/json")
                .end(toy.encode());
    }

    /// Runs a command: `exit 7` ends with that code, and anything else says who calls and then in capitals what it
    /// hears.
    private static void run(ServerWebSocket socket) {
        if (!socket.path().startsWith(TOYS + "/")) {
            socket.close();
            return;
        }
        if (socket.query().contains("command=exit")) {
            end(
                    socket,
                    new JsonObject()
                            .put("status", "Failure")
                            .put("reason", "NonZeroExitCode")
                            .put(
                                    "details",
                                    new JsonObject()
                                            .put(
                                                    "causes",
                                                    new JsonArray()
                                                            .add(new JsonObject()
                                                                    .put("reason", "ExitCode")
                                                                    .put("message", "7")))));
            return;
        }
        send(socket, STDOUT, socket.headers().get("X-Remote-User") + "\n");
        socket.binaryMessageHandler(message -> {
            byte channel = message.getByte(0);
            if (channel == CLOSED) end(socket, new JsonObject().put("status", "Success"));
            else if (channel == STDIN && message.length() > 1)
                send(socket, STDOUT, message.getString(1, message.length()).toUpperCase(Locale.ROOT));
        });
    }

    private static void end(ServerWebSocket socket, JsonObject status) {
        send(socket, STATUS, status.encode());
        socket.close();
    }

    private static void send(ServerWebSocket socket, byte channel, String text) {
        socket.writeBinaryMessage(
                Buffer.buffer().appendByte(channel).appendBytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
