package io.navarch.images;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// The archives that `docker save` writes.
public final class ImageArchive {
    private ImageArchive() {}

    /// Loads every image of the archive and returns their names.
    ///
    /// @throws IOException when the file is no image archive
    public static List<String> load(Path archive, ImageStore store) throws IOException {
        var work = Files.createTempDirectory("navarch-load");
        try {
            unpack(archive, work);
            var manifest = work.resolve("manifest.json");
            if (!Files.exists(manifest))
                throw new IOException(archive + " is no image archive: it has no manifest.json");
            var names = new ArrayList<String>();
            for (var image : View.of(Json.parse(Files.readAllBytes(manifest))).views()) {
                names.addAll(add(image, work, store));
            }
            return names;
        } catch (Json.MalformedException e) {
            throw new IOException(archive + " is no image archive: " + e.getMessage(), e);
        } finally {
            try (var walk = Files.walk(work)) {
                for (var path : walk.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
            }
        }
    }

    private static void unpack(Path archive, Path into) throws IOException {
        try (var tar = new TarArchiveInputStream(plain(archive))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into))
                    throw new IOException(archive + ": " + entry.getName() + " leads out of the archive");
                if (entry.isDirectory()) continue;
                Files.createDirectories(target.getParent());
                if (entry.isSymbolicLink()) Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                else Files.copy(tar, target);
            }
        }
    }

    private static InputStream plain(Path archive) throws IOException {
        var stream = new BufferedInputStream(Files.newInputStream(archive));
        stream.mark(2);
        boolean gzip = stream.read() == 0x1f && stream.read() == 0x8b;
        stream.reset();
        return gzip ? new GZIPInputStream(stream) : stream;
    }

    private static List<String> add(View image, Path work, ImageStore store) throws IOException {
        var layers = new ArrayList<Object>();
        for (var layer : image.get("Layers").strings()) {
            var file = work.resolve(layer).toRealPath();
            boolean gzip;
            try (var stream = Files.newInputStream(file)) {
                gzip = stream.read() == 0x1f && stream.read() == 0x8b;
            }
            // Several images of one archive may share a layer.
            var copy = Files.createTempFile(work, "layer", ".tar");
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            var digest = store.addBlob(copy);
            var type = "application/vnd.oci.image.layer.v1.tar" + (gzip ? "+gzip" : "");
            layers.add(Trees.map("mediaType", type, "digest", digest, "size", store.size(digest)));
        }
        var config = store.addBlob(
                Files.readAllBytes(work.resolve(image.get("Config").string())));
        var manifest = store.addBlob(ImageStore.manifest(config, store.size(config), layers));
        var names = image.get("RepoTags").strings();
        for (var name : names) store.name(name, manifest);
        return names.stream().map(ImageStore::complete).toList();
    }
}
