package io.navarch.images;

import io.navarch.images.ImageManifest.Descriptor;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The images of an OCI layout: contents by digest, and an index that says which of them are images. Everything is
/// checked against its digest and its size.
///
/// Source: https://github.com/opencontainers/image-spec/blob/main/image-layout.md
final class OciLayout {
    private static final String INDEX = "index.json";
    /// The whole name, as containerd and Docker write it.
    private static final String NAME = "io.containerd.image.name";
    /// A name, or only a tag, as everybody writes it.
    private static final String REFERENCE = "org.opencontainers.image.ref.name";
    /// What is said of an image by those who have built it is none.
    private static final String KIND = "vnd.docker.reference.type";

    private static final int DEEPEST = 4;

    private final ArchiveFiles files;
    private final Blobs blobs;

    OciLayout(ArchiveFiles files, Blobs blobs) {
        this.files = files;
        this.blobs = blobs;
    }

    List<FoundImage> images() throws IOException {
        var index = ImageManifest.parse(ImageManifest.document(files.file(INDEX)));
        if (!index.index()) throw new IOException(files + ": " + INDEX + " is no index");
        // What has several names is there several times.
        var byManifest = new LinkedHashMap<String, List<String>>();
        for (var image : index.children()) {
            if (image.annotations().containsKey(KIND)) continue;
            var names = byManifest.computeIfAbsent(bring(image), key -> new ArrayList<>());
            name(image).filter(each -> !names.contains(each)).ifPresent(names::add);
        }
        nameAsDocker(byManifest);
        return byManifest.entrySet().stream()
                .map(each -> new FoundImage(each.getKey(), each.getValue()))
                .toList();
    }

    private static Optional<String> name(Descriptor image) {
        var whole = image.annotations().getOrDefault(NAME, "");
        if (!whole.isEmpty()) return Optional.of(whole);
        var reference = image.annotations().getOrDefault(REFERENCE, "");
        // A tag alone does not say of what.
        return reference.contains(":") || reference.contains("/") ? Optional.of(reference) : Optional.empty();
    }

    /// `docker save` also writes names in its older way, where it finds them by the configuration.
    private void nameAsDocker(Map<String, List<String>> byManifest) throws IOException {
        if (!files.has("manifest.json")) return;
        for (var old : View.of(Json.parse(ImageManifest.document(files.file("manifest.json"))))
                .views()) {
            for (var image : byManifest.entrySet()) {
                var config = ImageManifest.read(blobs.file(image.getKey())).config();
                if (config.isEmpty() || !image.getValue().isEmpty()) continue;
                if (old.get("Config").string().equals(place(config.get().digest())))
                    image.getValue().addAll(old.get("RepoTags").strings());
            }
        }
    }

    /// Brings an image for this machine into the store; returns its manifest's digest.
    private String bring(Descriptor image) throws IOException {
        var document = document(image);
        var manifest = ImageManifest.parse(document);
        for (int depth = 0; manifest.index(); depth++) {
            if (depth == DEEPEST) throw new IOException(files + ": indexes of indexes of indexes");
            document = document(forThisMachine(manifest));
            manifest = ImageManifest.parse(document);
        }
        var config = manifest.config().orElseThrow();
        Platform.requireHere(document(config), name(image).orElse(files.toString()));
        for (var part : manifest.parts()) bringPart(part);
        return blobs.add(document);
    }

    private Descriptor forThisMachine(ImageManifest index) throws IOException {
        var others = new TreeSet<String>();
        for (var child : index.children()) {
            if (child.annotations().containsKey(KIND)) continue;
            var platform = child.platform().orElse(Platform.here());
            if (platform.equals(Platform.here())) return child;
            others.add(platform.toString());
        }
        throw new IOException(files + " has images for " + String.join(", ", others) + ", and none for this machine ("
                + Platform.here() + ")");
    }

    private static String place(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }

    private byte[] document(Descriptor part) throws IOException {
        var document = ImageManifest.document(file(part));
        try (var content = Files.newInputStream(file(part))) {
            require(part, Blobs.digest(content), document.length);
        }
        return document;
    }

    private Path file(Descriptor part) throws IOException {
        return files.file(place(part.digest()));
    }

    private void bringPart(Descriptor part) throws IOException {
        var copy = files.copy(place(part.digest()));
        long size = Files.size(copy);
        require(part, blobs.add(copy, Optional.of(part.digest())), size);
    }

    private void require(Descriptor part, String digest, long size) throws IOException {
        if (size != part.size())
            throw new IOException(
                    files + ": " + part.digest() + " has " + size + " bytes, and should have " + part.size());
        if (!digest.equals(part.digest()))
            throw new IOException(files + ": what is called " + part.digest() + " is " + digest);
    }
}
