package io.navarch.images;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// The archives that `docker save` writes.
///
/// Their names and links are data: files are kept under numbers, links are looked up in a table, and nothing of an
/// archive ever names a file of this machine.
public final class ImageArchive {
    private static final int MOST_ENTRIES = 100_000;
    private static final int MOST_LINKS = 16;

    private final Path archive;
    private final Path work;
    /// By the name in the archive.
    private final Map<String, Path> files = new HashMap<>();
    /// By the name in the archive, to another name in it.
    private final Map<String, String> links = new HashMap<>();

    private ImageArchive(Path archive, Path work) {
        this.archive = archive;
        this.work = work;
    }

    /// Loads every image of the archive and returns their names.
    ///
    /// @throws IOException when the file is no image archive
    public static List<String> load(Path archive, ImageStore store) throws IOException {
        var work = Files.createTempDirectory("navarch-load");
        try {
            var opened = new ImageArchive(archive, work);
            opened.unpack();
            return opened.images(store);
        } catch (Json.MalformedException e) {
            throw new IOException(archive + " is no image archive: " + e.getMessage(), e);
        } finally {
            try (var walk = Files.walk(work)) {
                for (var path : walk.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
            }
        }
    }

    private List<String> images(ImageStore store) throws IOException {
        if (!files.containsKey("manifest.json"))
            throw new IOException(archive + " is no image archive: it has no manifest.json");
        var names = new ArrayList<String>();
        for (var image :
                View.of(Json.parse(Files.readAllBytes(file("manifest.json")))).views()) names.addAll(add(image, store));
        return names;
    }

    private void unpack() throws IOException {
        try (var tar = new TarArchiveInputStream(plain(archive))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var name = inside("", entry.getName());
                if (entry.isDirectory()) continue;
                if (files.size() + links.size() >= MOST_ENTRIES)
                    throw new IOException(archive + " has more than " + MOST_ENTRIES + " entries");
                if (entry.isSymbolicLink()) links.put(name, inside(parent(name), entry.getLinkName()));
                else if (entry.isLink()) links.put(name, inside("", entry.getLinkName()));
                else if (entry.isFile()) {
                    var target = work.resolve(String.valueOf(files.size()));
                    if (!files.containsKey(name)) Files.copy(tar, target);
                    files.putIfAbsent(name, target);
                }
            }
        }
    }

    private static String parent(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    /// A name in the archive, seen from one of its directories.
    private String inside(String directory, String name) throws IOException {
        var parts = new ArrayList<String>();
        if (!directory.isEmpty()) parts.addAll(List.of(directory.split("/")));
        if (name.startsWith("/")) throw leadsOut(name);
        for (var part : name.split("/")) {
            if (part.equals("..") && parts.isEmpty()) throw leadsOut(name);
            if (part.equals("..")) parts.removeLast();
            else if (!part.isEmpty() && !part.equals(".")) parts.add(part);
        }
        return String.join("/", parts);
    }

    private IOException leadsOut(String name) {
        return new IOException(archive + ": " + name + " leads out of the archive");
    }

    /// The file of this name, or the one that a link of this name means.
    private Path file(String name) throws IOException {
        var at = inside("", name);
        for (int i = 0; i < MOST_LINKS; i++) {
            var found = files.get(at);
            if (found != null) return found;
            var target = links.get(at);
            if (target == null) break;
            at = target;
        }
        throw new IOException(archive + " has no file " + name);
    }

    private static InputStream plain(Path archive) throws IOException {
        var stream = new BufferedInputStream(Files.newInputStream(archive));
        stream.mark(2);
        boolean gzip = stream.read() == 0x1f && stream.read() == 0x8b;
        stream.reset();
        return gzip ? new GZIPInputStream(stream) : stream;
    }

    private List<String> add(View image, ImageStore store) throws IOException {
        var layers = new ArrayList<Object>();
        for (var layer : image.get("Layers").strings()) {
            var file = file(layer);
            boolean gzip;
            try (var stream = Files.newInputStream(file)) {
                gzip = stream.read() == 0x1f && stream.read() == 0x8b;
            }
            // Several images of one archive may share a layer.
            var copy = work.resolve("layer");
            Files.copy(file, copy);
            var digest = store.addBlob(copy);
            Files.deleteIfExists(copy);
            var type = "application/vnd.oci.image.layer.v1.tar" + (gzip ? "+gzip" : "");
            layers.add(Trees.map("mediaType", type, "digest", digest, "size", store.size(digest)));
        }
        var config = store.addBlob(Files.readAllBytes(file(image.get("Config").string())));
        var manifest = store.addBlob(ImageStore.manifest(config, store.size(config), layers));
        var names = image.get("RepoTags").strings();
        for (var name : names) store.name(name, manifest);
        return names.stream().map(ImageStore::complete).toList();
    }
}
