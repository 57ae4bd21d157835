package io.navarch.images;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// An image that is being made: layers of another one and of its own, and how its processes start. The same input makes
/// the same image, at any time.
final class ImageDraft {
    /// From what an image was made: a hash of everything that was asked for.
    static final String SOURCE = "io.navarch.source";

    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final ImageStore store;
    private final List<ImageManifest.Layer> layers = new ArrayList<>();
    private final List<Object> differences = new ArrayList<>();
    private final Map<String, Object> start;

    private ImageDraft(ImageStore store, Map<String, Object> start) {
        this.store = store;
        this.start = start;
    }

    static ImageDraft empty(ImageStore store) {
        return new ImageDraft(store, new TreeMap<>(Map.of("Env", List.of(PATH), "WorkingDir", "/")));
    }

    /// One that goes on from an image that is here.
    static ImageDraft from(ImageStore store, String name) throws IOException {
        var digest = store.find(name)
                .orElseThrow(() -> new IOException("the image " + name
                        + " is not here: navarch image build or load makes it (other registries are not asked)"));
        var manifest = ImageManifest.read(store.blobs().file(digest));
        var config = store.config(digest);
        var draft = new ImageDraft(store, new TreeMap<>(config.get("config").map()));
        for (var layer : manifest.layers())
            draft.layers.add(new ImageManifest.Layer(layer.mediaType(), layer.digest()));
        draft.differences.addAll(config.get("rootfs", "diff_ids").list());
        if (draft.layers.size() != draft.differences.size())
            throw new IOException(name + " is broken: it has " + draft.layers.size() + " layers and describes "
                    + draft.differences.size());
        return draft;
    }

    View start() {
        return View.of(start);
    }

    /// Empty lists are as good as none.
    void set(String field, Object value) {
        if (value instanceof List<?> list && list.isEmpty()) start.remove(field);
        else start.put(field, value);
    }

    /// Puts a value under a key of a field that is a map.
    void put(String field, String key, Object value) {
        var map = new TreeMap<>(start().get(field).map());
        map.put(key, value);
        start.put(field, map);
    }

    /// Sets a variable.
    void environment(String name, String value) {
        var all = new ArrayList<Object>(start().get("Env").list());
        all.removeIf(each -> String.valueOf(each).startsWith(name + "="));
        all.add(name + "=" + value);
        start.put("Env", all);
    }

    Optional<String> environment(String name) {
        return start().get("Env").strings().stream()
                .filter(each -> each.startsWith(name + "="))
                .map(each -> each.substring(name.length() + 1))
                .findFirst();
    }

    /// A path as processes of the image see it.
    String absolute(String path) {
        return Path.of(start().get("WorkingDir").stringOr("/"))
                .resolve(path)
                .normalize()
                .toString();
    }

    /// Adds the files of a directory.
    void add(Path root) throws IOException {
        var tar = store.blobs().draft();
        try {
            write(root, tar);
            var digest = store.blobs().add(tar);
            layers.add(new ImageManifest.Layer(ImageManifest.LAYER, digest));
            differences.add(digest);
        } finally {
            Files.deleteIfExists(tar);
        }
    }

    /// Keeps it under names; returns its digest.
    String save(List<String> names, String source) throws IOException {
        put("Labels", SOURCE, source);
        var config = store.blobs()
                .add(Json.write(Trees.map(
                        "created", "2026-01-01T00:00:00Z",
                        "architecture", Platform.here().architecture(),
                        "os", Platform.here().os(),
                        "config", start,
                        "rootfs", Trees.map("type", "layers", "diff_ids", differences))));
        var manifest = store.blobs().add(ImageManifest.of(store.blobs(), config, layers));
        for (var name : names) store.name(name, manifest);
        return manifest;
    }

    /// From what the image of this name was made; empty when it is not here, or nobody knows.
    static Optional<String> source(ImageStore store, String name) throws IOException {
        var digest = store.find(name).filter(store.blobs()::has);
        if (digest.isEmpty()) return Optional.empty();
        var source = store.config(digest.get()).get("config", "Labels", SOURCE).string();
        return source.isEmpty() ? Optional.empty() : Optional.of(source);
    }

    private static void write(Path root, Path target) throws IOException {
        try (var tar = new TarArchiveOutputStream(new BufferedOutputStream(Files.newOutputStream(target)), "UTF-8");
                var walk = Files.walk(root)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (var path : walk.filter(each -> !each.equals(root)).sorted().toList()) {
                var name = root.relativize(path).toString();
                if (Files.isSymbolicLink(path)) {
                    var entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
                    entry.setLinkName(Files.readSymbolicLink(path).toString());
                    entry.setModTime(0);
                    tar.putArchiveEntry(entry);
                } else {
                    boolean directory = Files.isDirectory(path);
                    var entry = new TarArchiveEntry(name + (directory ? "/" : ""));
                    entry.setMode((int) Files.getAttribute(path, "unix:mode") & 07777);
                    if (!directory) entry.setSize(Files.size(path));
                    entry.setModTime(0);
                    tar.putArchiveEntry(entry);
                    if (!directory) Files.copy(path, tar);
                }
                tar.closeArchiveEntry();
            }
        }
    }
}
