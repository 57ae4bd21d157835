package io.navarch.images;

import io.navarch.http.Exchange;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Images that were built or loaded on this machine: a directory of blobs, served to containerd as a registry that it
/// asks before any other, so an image is found under the name it was loaded as, whatever its pull policy.
///
/// Source: https://github.com/opencontainers/distribution-spec
public final class ImageStore {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path blobs;
    private final Path index;

    public ImageStore(Path directory) throws IOException {
        blobs = directory.resolve("blobs/sha256");
        index = directory.resolve("names.json");
        Files.createDirectories(blobs);
        // Images may be private, and whoever may read them here need not ask a registry.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }

    /// Moves a file into the store and returns its digest. It has its name once it is there as a whole: it may
    /// come from another file system, and this one may be full.
    String addBlob(Path file) throws IOException {
        var inside = Files.createTempFile(blobs.getParent(), "blob", ".tmp");
        try {
            Files.move(file, inside, StandardCopyOption.REPLACE_EXISTING);
            return named(inside);
        } finally {
            Files.deleteIfExists(inside);
        }
    }

    private String named(Path file) throws IOException {
        try (var stream = Files.newInputStream(file)) {
            var sha = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (int count; (count = stream.read(buffer)) >= 0; ) sha.update(buffer, 0, count);
            var digest = HexFormat.of().formatHex(sha.digest());
            Files.move(file, blobs.resolve(digest), StandardCopyOption.ATOMIC_MOVE);
            return "sha256:" + digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String addBlob(byte[] content) throws IOException {
        var file = Files.createTempFile(blobs.getParent(), "blob", ".tmp");
        try {
            Files.write(file, content);
            return named(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /// The bytes of an OCI manifest.
    static byte[] manifest(String config, long configSize, List<Object> layers) {
        return Json.write(Trees.map(
                "schemaVersion",
                2L,
                "mediaType",
                MANIFEST,
                "config",
                Trees.map(
                        "mediaType", "application/vnd.oci.image.config.v1+json", "digest", config, "size", configSize),
                "layers",
                layers));
    }

    long size(String digest) throws IOException {
        return Files.size(blobs.resolve(digest.substring(7)));
    }

    /// Names a manifest. Names are completed as Docker does: `nginx` is `docker.io/library/nginx:latest`.
    synchronized void name(String name, String manifestDigest) throws IOException {
        var names = names();
        names.put(complete(name), manifestDigest);
        AtomicFile.write(index, Json.write(names), "rw-------");
    }

    synchronized Map<String, Object> names() throws IOException {
        return Files.exists(index) ? Json.parseMap(Files.readAllBytes(index)) : Trees.map();
    }

    public boolean has(String name) throws IOException {
        return names().containsKey(complete(name));
    }

    static String complete(String name) {
        var result = name;
        int slash = result.indexOf('/');
        var first = slash < 0 ? "" : result.substring(0, slash);
        boolean registry = first.contains(".") || first.contains(":") || first.equals("localhost");
        if (!registry) result = "docker.io/" + (slash < 0 ? "library/" : "") + result;
        return result.substring(result.lastIndexOf('/')).contains(":") ? result : result + ":latest";
    }

    /// Serves the pull side of the registry protocol, and no other: nothing that is asked here changes the store.
    public void serve(Exchange exchange) throws IOException {
        exchange.patience(PATIENCE);
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            exchange.lastOfConnection();
            var headers = Map.of("Allow", "GET, HEAD", "Content-Type", "application/json");
            exchange.respond(
                    405, headers, "{\"errors\":[{\"code\":\"UNSUPPORTED\"}]}".getBytes(StandardCharsets.UTF_8));
            return;
        }
        var path = exchange.path();
        if (path.equals("/v2/") || path.equals("/v2")) {
            exchange.respond(200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
            return;
        }
        int manifests = path.indexOf("/manifests/");
        int blobsAt = path.indexOf("/blobs/");
        if (path.startsWith("/v2/") && manifests > 0) {
            var reference = path.substring(manifests + "/manifests/".length());
            var name = exchange.query("ns") + "/" + path.substring("/v2/".length(), manifests);
            var digest = reference.startsWith("sha256:")
                    ? reference
                    : View.of(names()).get(name + ":" + reference).string();
            respond(exchange, digest, true);
        } else if (path.startsWith("/v2/") && blobsAt > 0) {
            respond(exchange, path.substring(blobsAt + "/blobs/".length()), false);
        } else {
            exchange.respond(404, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
        }
    }

    private void respond(Exchange exchange, String digest, boolean manifest) throws IOException {
        if (!digest.matches("sha256:[0-9a-f]{64}") || !Files.exists(blobs.resolve(digest.substring(7)))) {
            exchange.respond(
                    404,
                    "application/json",
                    "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}".getBytes(StandardCharsets.UTF_8));
            return;
        }
        var type = manifest ? MANIFEST : "application/octet-stream";
        var headers = Map.of(
                "Content-Type", type, "Docker-Content-Digest", digest, "Content-Length", String.valueOf(size(digest)));
        if (exchange.method().equals("HEAD")) {
            // Its length is told, and it is not read: a layer may be larger than the memory.
            exchange.start(200, headers).close();
            return;
        }
        try (var in = Files.newInputStream(blobs.resolve(digest.substring(7)))) {
            var out = exchange.start(200, headers);
            in.transferTo(out);
            // Only a whole blob has an end: one that could not be read on must not look like a shorter one.
            out.close();
        }
    }
}
