package io.navarch.images;

import io.navarch.http.Exchange;
import io.navarch.http.HttpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The images of this machine, served to its containerd as a registry that it asks before any other, so that an image
/// is found under the name it was loaded as, whatever its pull policy.
///
/// Source: https://github.com/opencontainers/distribution-spec
public final class NodeRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRegistry.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String JSON = "application/json";
    private static final String OTHER = "application/octet-stream";

    private static final String PREFIX = "/v2/";

    /// What headers of an answer of another registry are passed on.
    private static final List<String> PASSED = List.of("Content-Type", "Docker-Content-Digest", "Content-Length");

    /// Where else images of the cluster are.
    public interface Upstream {
        /// For a node whose cluster has no registry.
        Upstream NONE = (method, uri, accepted) -> Optional.empty();

        /// Empty when there is none to ask.
        ///
        /// @throws IOException when it does not answer
        Optional<HttpClient.Response> ask(String method, String uri, String accepted) throws IOException;
    }

    private final ImageStore store;
    private final RegistryNames names;
    private final Upstream upstream;

    public NodeRegistry(ImageStore store, RegistryNames names, Upstream upstream) {
        this.store = store;
        this.names = names;
        this.upstream = upstream;
    }

    /// Serves the pull side of the registry protocol, and no other: nothing that is asked here changes the store.
    public void serve(Exchange exchange) throws IOException {
        exchange.patience(PATIENCE);
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            exchange.lastOfConnection();
            var headers = Map.of("Allow", "GET, HEAD", "Content-Type", JSON);
            exchange.respond(405, headers, bytes("{\"errors\":[{\"code\":\"UNSUPPORTED\"}]}"));
            return;
        }
        var path = exchange.path();
        if (path.equals(PREFIX) || path.equals("/v2")) {
            exchange.respond(200, JSON, bytes("{}"));
            return;
        }
        int manifests = path.indexOf("/manifests/");
        int blobsAt = path.indexOf("/blobs/");
        if (path.startsWith(PREFIX) && manifests > 0) {
            var reference = path.substring(manifests + "/manifests/".length());
            var repository = path.substring(PREFIX.length(), manifests);
            answer(exchange, resolve(exchange.query("ns"), repository, reference), true);
        } else if (path.startsWith(PREFIX) && blobsAt > 0) {
            answer(exchange, Optional.of(path.substring(blobsAt + "/blobs/".length())), false);
        } else {
            exchange.respond(404, JSON, bytes("{}"));
        }
    }

    private Optional<String> resolve(String registry, String repository, String reference) throws IOException {
        if (Blobs.isDigest(reference)) return Optional.of(reference);
        return Optional.ofNullable(
                store.names().get(new ImageName(names.canonical(registry), repository, reference).toString()));
    }

    private void answer(Exchange exchange, Optional<String> digest, boolean manifest) throws IOException {
        if (digest.filter(store.blobs()::has).isPresent() || !passOn(exchange)) respond(exchange, digest, manifest);
    }

    /// Whether somebody else had it.
    private boolean passOn(Exchange exchange) throws IOException {
        try {
            var asked = upstream.ask(exchange.method(), exchange.uri(), exchange.header("accept"));
            return asked.isPresent() && pass(exchange, asked.get());
        } catch (IOException e) {
            if (exchange.started()) throw e;
            LOG.warn("the registry of the cluster does not answer: {}", e.getMessage());
            return false;
        }
    }

    private static boolean pass(Exchange exchange, HttpClient.Response response) throws IOException {
        try (response) {
            if (response.status() != 200) return false;
            var headers = new HashMap<String, String>();
            for (var name : PASSED) if (!response.header(name).isEmpty()) headers.put(name, response.header(name));
            var out = exchange.start(200, headers);
            if (!exchange.method().equals("HEAD")) response.body().transferTo(out);
            out.close();
            return true;
        }
    }

    /// Sends a manifest or a blob that is here, or says that it is not.
    public void respond(Exchange exchange, Optional<String> digest, boolean manifest) throws IOException {
        var file = digest.flatMap(store.blobs()::find);
        if (digest.isEmpty() || file.isEmpty()) {
            exchange.respond(404, JSON, bytes("{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}"));
            return;
        }
        var headers = Map.of(
                "Content-Type",
                manifest ? ImageManifest.read(file.get()).mediaType() : OTHER,
                "Docker-Content-Digest",
                digest.get(),
                "Content-Length",
                String.valueOf(Files.size(file.get())));
        if (exchange.method().equals("HEAD")) {
            // Its length is told, and it is not read: a layer may be larger than the memory.
            exchange.start(200, headers).close();
            return;
        }
        try (var in = Files.newInputStream(file.get())) {
            var out = exchange.start(200, headers);
            in.transferTo(out);
            // Only a whole blob has an end: one that could not be read on must not look like a shorter one.
            out.close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
