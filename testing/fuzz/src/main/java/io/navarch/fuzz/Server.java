package io.navarch.fuzz;

import io.navarch.apps.ControlPlane;
import io.navarch.apps.Host;
import io.navarch.apps.LiveCertificates;
import io.navarch.apps.ServerOptions;
import io.navarch.client.Client;
import io.navarch.http.EventLoops;
import io.navarch.http.Exchange;
import io.navarch.http.HttpServer;
import io.navarch.objects.ApiException;
import io.navarch.pki.Pki;
import io.navarch.process.Options;
import io.navarch.schema.admission.User;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/// A server, called as clients call it.
final class Server {
    private static final int MILLIS = 10_000;
    private static final String SAMPLE_POD =
            "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"env\":[{\"name\":\"A\",\"value\":\"b\"}],"
                    + "\"livenessProbe\":{\"httpGet\":{\"path\":\"/\",\"port\":80}}}],\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]}}";
    private static final String DEFINITION =
            "{\"metadata\":{\"name\":\"as.b.example.com\"},\"spec\":{\"group\":\"b.example.com\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"as\","
                    + "\"kind\":\"A\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"subresources\":{\"status\":{},\"scale\":{"
                    + "\"specReplicasPath\":\".spec.r\",\"statusReplicasPath\":\".status.r\"}},\"additionalPrinterColumns\":[{\"name\":\"X\",\"type\":"
                    + "\"string\",\"jsonPath\":\".spec.x[0]\"}],\"selectableFields\":[{\"jsonPath\":\".spec.y\"}],\"schema\":{\"openAPIV3Schema\":{"
                    + "\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\",\"x-kubernetes-validations\":[{\"rule\":\"self.y != ''\"}],"
                    + "\"properties\":{\"y\":{\"type\":\"string\",\"pattern\":\"^a\",\"default\":\"ab\"},\"z\":{\"type\":\"array\",\"items\":{\"type\":"
                    + "\"object\",\"properties\":{\"k\":{\"type\":\"string\"}},\"required\":[\"k\"]},\"x-kubernetes-list-type\":\"map\","
                    + "\"x-kubernetes-list-map-keys\":[\"k\"]}}},\"status\":{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}}}}}]}}";

    private Server() {}

    static Targets all() throws Exception {
        var directory = Files.createTempDirectory("navarch-fuzz");
        var loops = new EventLoops(1);
        var options = Options.parse(
                ServerOptions.DECLARED,
                List.of("--data-dir", directory.toString(), "--port", "0", "--bind-address", "127.0.0.1", "--no-node"),
                Map.of());
        var certificates = new LiveCertificates(new Pki(directory.resolve("pki"), InstantSource.system()));
        var plane = new ControlPlane(ServerOptions.read(options, Host.local()), certificates, loops);
        var client = plane.client(User.of("admin", User.MASTERS), "fuzz");
        client.call("POST", "/api/v1/namespaces", "application/json", bytes("{\"metadata\":{\"name\":\"f\"}}"));
        client.call(
                "POST",
                "/api/v1/namespaces/f/configmaps",
                "application/json",
                bytes("{\"metadata\":{\"name\":\"m\"},\"data\":{\"a\":\"b\"}}"));
        client.call(
                "POST",
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                "application/json",
                bytes(DEFINITION));
        var failure = new AtomicReference<Throwable>();
        var http = HttpServer.plain(
                loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), exchange -> echo(exchange, failure));
        return new Targets(List.of(api(client), http(http.port(), failure)), () -> {
            http.close();
            plane.close();
            loops.close();
            delete(directory);
        });
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// A call: method, path, media type, and a body after the first line.
    private static Target api(Client client) {
        return new Target(
                "api",
                Target.bytes(
                        "POST /api/v1/namespaces/f/pods application/json\n" + SAMPLE_POD,
                        "POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions application/json\n"
                                + DEFINITION
                                        .replace("as.b", "cs.b")
                                        .replace("\"as\"", "\"cs\"")
                                        .replace("\"A\"", "\"C\""),
                        "POST /apis/b.example.com/v1/namespaces/f/as application/json\n"
                                + "{\"apiVersion\":\"b.example.com/v1\",\"kind\":\"A\",\"metadata\":{\"name\":\"a\"},\"spec\":{\"y\":\"ab\",\"z\":[{\"k\":\"1\"}]}}",
                        """
                        POST /apis/apps/v1/namespaces/f/deployments application/yaml
                        metadata: {name: d}
                        spec:
                          selector: {matchLabels: {a: b}}
                          template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}
                        """,
                        "PATCH /api/v1/namespaces/f/configmaps/m application/json-patch+json\n"
                                + "[{\"op\":\"add\",\"path\":\"/data/c\",\"value\":\"d\"},{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"b\"}]",
                        "PATCH /api/v1/namespaces/f/configmaps/m application/merge-patch+json\n{\"data\":{\"a\":null},\"metadata\":{\"labels\":{\"x\":\"y\"}}}",
                        "PATCH /api/v1/namespaces/f/configmaps/m application/strategic-merge-patch+json\n{\"data\":{\"a\":\"c\",\"$patch\":\"replace\"}}",
                        "PATCH /api/v1/namespaces/f/configmaps/m?fieldManager=x application/apply-patch+yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {a: c}\n",
                        "PATCH /apis/b.example.com/v1/namespaces/f/as/n?fieldManager=x&force=true application/apply-patch+yaml\napiVersion: b.example.com/v1\nkind: A\nmetadata: {name: n}\nspec: {y: ac, z: [{k: v}]}\n",
                        "PUT /api/v1/namespaces/f/configmaps/m application/json\n{\"metadata\":{\"name\":\"m\"},\"data\":{\"b\":\"c\"}}",
                        "POST /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies application/json\n"
                                + "{\"metadata\":{\"name\":\"v\"},\"spec\":{\"matchConstraints\":{\"resourceRules\":[{\"apiGroups\":[\"apps\"],\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],\"resources\":[\"deployments\"]}]},\"variables\":[{\"name\":\"r\",\"expression\":\"object.spec.replicas\"}],\"validations\":[{\"expression\":\"variables.r <= 5\"}]}}",
                        "GET /api/v1/namespaces/f/configmaps?limit=1&continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0&labelSelector=a%3Db&fieldSelector=metadata.name%3Dm&resourceVersion=1&resourceVersionMatch=Exact text/plain\n",
                        "GET /apis/b.example.com/v1/as?fieldSelector=spec.y%3Dab text/plain\n",
                        "POST /apis/authorization.k8s.io/v1/subjectaccessreviews application/json\n{\"spec\":{\"user\":\"u\",\"groups\":[\"g\"],\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\",\"labelSelector\":{\"rawSelector\":\"a=b\"}}}}",
                        "POST /apis/batch/v1/namespaces/f/cronjobs application/json\n{\"metadata\":{\"name\":\"c\"},\"spec\":{\"schedule\":\"*/5 * * * *\",\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}}}}",
                        "POST /api/v1/namespaces/f/services application/json\n{\"metadata\":{\"name\":\"s\"},\"spec\":{\"ports\":[{\"port\":80}],\"selector\":{\"a\":\"b\"}}}",
                        "POST /apis/networking.k8s.io/v1/namespaces/f/ingresses application/json\n{\"metadata\":{\"name\":\"i\"},\"spec\":{\"rules\":[{\"host\":\"a.b\",\"http\":{\"paths\":[{\"path\":\"/\",\"pathType\":\"Prefix\",\"backend\":{\"service\":{\"name\":\"s\",\"port\":{\"number\":80}}}}]}}]}}",
                        "DELETE /api/v1/namespaces/f/configmaps/m application/json\n{\"preconditions\":{\"uid\":\"x\"},\"gracePeriodSeconds\":1}",
                        "POST /apis/certificates.k8s.io/v1/certificatesigningrequests application/json\n{\"metadata\":{\"name\":\"r\"},\"spec\":{\"signerName\":\"a.b/c\",\"usages\":[\"client auth\"],\"request\":\"LS0tLS1CRUdJTg==\"}}",
                        "POST /apis/rbac.authorization.k8s.io/v1/clusterroles application/json\n{\"metadata\":{\"name\":\"r\"},\"rules\":[{\"verbs\":[\"get\"],\"resources\":[\"pods\"],\"apiGroups\":[\"\"]}]}"),
                Target.bytes(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "null",
                        "\"\"",
                        "0",
                        "-1",
                        "\"1\"",
                        "9223372036854775807",
                        "1e30",
                        "[[",
                        "{\"a\":",
                        "%00",
                        "%2F",
                        "%",
                        "?",
                        "&",
                        "=",
                        "/",
                        "/status",
                        "/scale",
                        "/namespaces/f",
                        "POST ",
                        "PUT ",
                        "DELETE ",
                        "GET ",
                        "application/yaml",
                        "\"metadata\":",
                        "\"spec\":",
                        "\"name\":",
                        "\"a.b/c\"",
                        "fieldValidation=Strict&",
                        "limit=1&",
                        "labelSelector=",
                        "fieldSelector=",
                        "continue=",
                        "resourceVersion=",
                        "\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\"}]",
                        "\"managedFields\":[{}]",
                        "\"ownerReferences\":[{}]",
                        "\"finalizers\":[\"a/b\"]",
                        "\"generateName\":\"x\"",
                        "&a ",
                        "*a",
                        "true"),
                Set.of(),
                input -> call(client, input));
    }

    private static long call(Client client, byte[] input) {
        int line = 0;
        while (line < input.length && input[line] != '\n') line++;
        var head = new String(input, 0, line, StandardCharsets.UTF_8).split(" ");
        if (head.length < 2 || endless(head[1])) return 0;
        var body = Arrays.copyOfRange(input, Math.min(line + 1, input.length), input.length);
        int query = head[1].indexOf('?');
        var path = query < 0 ? head[1] : head[1].substring(0, query);
        var rest = query < 0 ? "" : "&" + head[1].substring(query + 1);
        try {
            var uri = new URI(path + "?dryRun=All&timeoutSeconds=1" + rest).toString();
            var type = head.length > 2 ? head[2] : "application/json";
            return client.call(head[0], uri, type, body).toString().length();
        } catch (URISyntaxException e) {
            return 0;
        } catch (ApiException e) {
            boolean internal = e.reason() == ApiException.Reason.INTERNAL_ERROR
                    || e.reason() == ApiException.Reason.SERVICE_UNAVAILABLE;
            // Not everything that is not found is a `Status`.
            boolean plain = String.valueOf(e.getMessage()).startsWith("HTTP 4");
            if (internal && !plain) throw new IllegalStateException(e.getMessage(), e);
            return String.valueOf(e.getMessage()).length();
        }
    }

    /// What others would have to end.
    private static boolean endless(String uri) {
        return uri.toLowerCase(Locale.ROOT).matches(".*(watch|follow|exec|attach|portforward|proxy|/log|%[67]).*");
    }

    private static void echo(Exchange exchange, AtomicReference<Throwable> failure) throws IOException {
        try {
            exchange.path();
            exchange.query();
            exchange.headers();
            if (exchange.wantsUpgrade()) {
                var socket = exchange.upgrade().webSocket("");
                for (var message = socket.receive(); message.isPresent(); message = socket.receive())
                    socket.send(message.get());
                socket.close();
                return;
            }
            exchange.respond(200, "text/plain", exchange.body(1 << 20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            throw e;
        }
    }

    private static Target http(int port, AtomicReference<Throwable> failure) {
        return new Target(
                "http",
                Target.bytes(
                        "GET /a?b=c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.0\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                                + "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\u0002\u0001"),
                List.of(
                        bytes("\r\n"),
                        bytes("\r\n\r\n"),
                        bytes(":"),
                        bytes(" "),
                        bytes("0\r\n"),
                        bytes("Content-Length: 5\r\n"),
                        bytes("Content-Length: -1\r\n"),
                        bytes("Transfer-Encoding: chunked\r\n"),
                        bytes("Expect: 100-continue\r\n"),
                        bytes("%"),
                        bytes("%zz"),
                        bytes("\u0000"),
                        bytes("ffffffff\r\n"),
                        bytes("Host: \r\n"),
                        bytes("HTTP/2.0"),
                        bytes("Connection: close\r\n"),
                        bytes("GET http://a/ HTTP/1.1\r\n"),
                        // Frames of a WebSocket: binary, continuation, ping, close, one that says it is very long.
                        new byte[] {(byte) 0x82, (byte) 0x81, 1, 2, 3, 4, 5},
                        new byte[] {0, (byte) 0x81, 1, 2, 3, 4, 5},
                        new byte[] {(byte) 0x89, (byte) 0x80, 1, 2, 3, 4},
                        new byte[] {(byte) 0x88, (byte) 0x80, 1, 2, 3, 4},
                        new byte[] {(byte) 0x82, (byte) 0xff, 127, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}),
                Set.of(),
                input -> exchange(port, input, failure));
    }

    /// Sends bytes, ends, and waits for the other side to end, too.
    private static long exchange(int port, byte[] input, AtomicReference<Throwable> failure) throws IOException {
        var answer = new ByteArrayOutputStream();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(MILLIS);
            socket.getOutputStream().write(input);
            socket.shutdownOutput();
            socket.getInputStream().transferTo(answer);
        } catch (SocketTimeoutException e) {
            throw new IllegalStateException("the connection stays", e);
        } catch (IOException e) {
            // It was closed before all was sent.
        }
        var thrown = failure.getAndSet(null);
        if (thrown != null) throw new IllegalStateException(thrown.toString(), thrown);
        return answer.size();
    }
}
