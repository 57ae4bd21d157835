package io.navarch.images;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an image is made of, or an index of several: the documents of OCI, and those of Docker that came before them.
///
/// @param config empty for an index
/// @param children the manifests of an index
/// @param subject the digest of the manifest that this one says something about, `""`: it is for itself
/// @param artifactType what it is, when it is no image
public record ImageManifest(
        String mediaType,
        Optional<Descriptor> config,
        List<Descriptor> layers,
        List<Descriptor> children,
        String subject,
        String artifactType,
        Map<String, String> annotations) {
    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
    private static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    private static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

    /// No document that says what an image is made of is longer.
    public static final int LONGEST = 4 << 20;

    /// More than any tool makes.
    static final int MOST_PARTS = 1000;

    /// A content, as another document names it.
    ///
    /// @param platform for which a child of an index is
    public record Descriptor(
            String mediaType, String digest, long size, Optional<Platform> platform, Map<String, String> annotations) {
        private static Descriptor of(View tree) throws IOException {
            var digest = tree.get("digest").string();
            long size = tree.get("size").longOr(-1);
            if (!Blobs.isDigest(digest)) throw new IOException("no digest that can be checked: \"" + digest + "\"");
            if (size < 0) throw new IOException("no size of " + digest);
            var platform = tree.get("platform");
            return new Descriptor(
                    tree.get("mediaType").string(),
                    digest,
                    size,
                    platform.exists() ? Optional.of(Platform.of(platform)) : Optional.empty(),
                    tree.get("annotations").stringMap());
        }

        /// Whether it is a document of this kind, which leads to further contents.
        boolean manifest() {
            return index() || isManifest(mediaType);
        }

        boolean index() {
            return isIndex(mediaType);
        }
    }

    private static boolean isIndex(String mediaType) {
        return mediaType.equals(INDEX) || mediaType.equals(DOCKER_LIST);
    }

    private static boolean isManifest(String mediaType) {
        return mediaType.equals(MANIFEST) || mediaType.equals(DOCKER_MANIFEST);
    }

    /// @throws IOException saying what is wrong with it
    public static ImageManifest parse(byte[] document) throws IOException {
        if (document.length > LONGEST) throw new IOException("a manifest has at most " + (LONGEST >> 20) + " MiB");
        try {
            var tree = View.of(Json.parse(document));
            if (tree.get("schemaVersion").longOr(0) != 2)
                throw new IOException("no manifest of schema version 2, which alone is read");
            boolean index = tree.get("manifests").exists();
            var mediaType = tree.get("mediaType").stringOr(index ? INDEX : MANIFEST);
            // Others would read it as the other, and find in it what was not looked at here.
            if (index && (tree.get("config").exists() || tree.get("layers").exists())
                    || (index ? isManifest(mediaType) : isIndex(mediaType)))
                throw new IOException("it is both a manifest and an index");
            var subject = tree.get("subject");
            return new ImageManifest(
                    mediaType,
                    index ? Optional.empty() : Optional.of(Descriptor.of(tree.get("config"))),
                    index ? List.of() : descriptors(tree.get("layers")),
                    descriptors(tree.get("manifests")),
                    subject.exists() ? Descriptor.of(subject).digest() : "",
                    tree.get("artifactType")
                            .stringOr(tree.get("config", "mediaType").string()),
                    tree.get("annotations").stringMap());
        } catch (Json.MalformedException e) {
            throw new IOException("no manifest: " + e.getMessage(), e);
        }
    }

    /// The manifest in a file.
    static ImageManifest read(Path file) throws IOException {
        return parse(document(file));
    }

    /// A document that is read into memory as a whole.
    static byte[] document(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) throw new IOException("a document of more than " + (LONGEST >> 20) + " MiB");
            return bytes;
        }
    }

    private static List<Descriptor> descriptors(View list) throws IOException {
        var found = new ArrayList<Descriptor>();
        if (list.list().size() > MOST_PARTS) throw new IOException("more than " + MOST_PARTS + " parts");
        for (var each : list.views()) found.add(Descriptor.of(each));
        return List.copyOf(found);
    }

    boolean index() {
        return config.isEmpty();
    }

    /// Everything that must be there for it to be of use.
    public List<Descriptor> parts() {
        var all = new ArrayList<Descriptor>();
        config.ifPresent(all::add);
        all.addAll(layers);
        all.addAll(children);
        return List.copyOf(all);
    }

    /// The document of an image.
    static byte[] of(Blobs blobs, String config, List<Layer> layers) throws IOException {
        var list = new ArrayList<Object>();
        for (var layer : layers)
            list.add(Trees.map("mediaType", layer.mediaType, "digest", layer.digest, "size", blobs.size(layer.digest)));
        return Json.write(Trees.map(
                "schemaVersion",
                2L,
                "mediaType",
                MANIFEST,
                "config",
                Trees.map("mediaType", CONFIG, "digest", config, "size", blobs.size(config)),
                "layers",
                list));
    }

    /// A layer that is in the store.
    record Layer(String mediaType, String digest) {}
}
