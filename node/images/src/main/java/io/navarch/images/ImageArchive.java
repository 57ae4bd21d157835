package io.navarch.images;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Images in files that other tools have written: archives of `docker save`, OCI archives, and directories with an OCI
/// layout.
public final class ImageArchive {
    private final ArchiveFiles files;
    private final ImageStore store;

    private ImageArchive(ArchiveFiles files, ImageStore store) {
        this.files = files;
        this.store = store;
    }

    /// Loads every image and returns their names.
    ///
    /// @param name what the only image is to be called, whatever the archive calls it
    /// @throws IOException when there is no image, or something is wrong with one: then none has been named
    public static List<String> load(Path archive, ImageStore store, Optional<String> name) throws IOException {
        if (name.isPresent()) {
            var ignored = ImageStore.complete(name.get());
        }
        try (var files = ArchiveFiles.open(archive, store.blobs())) {
            return new ImageArchive(files, store).load(name);
        } catch (Json.MalformedException e) {
            throw new IOException(archive + " is no image archive: " + e.getMessage(), e);
        }
    }

    private List<String> load(Optional<String> name) throws IOException {
        var images = images();
        if (images.isEmpty()) throw new IOException(files + " has no image");
        if (name.isPresent() && images.size() > 1)
            throw new IOException(files + " has " + images.size() + " images (" + String.join(", ", names(images))
                    + "): --name is for one");
        var loaded = new ArrayList<String>();
        for (var image : images) {
            var names = name.map(List::of).orElse(image.names());
            if (names.isEmpty())
                throw new IOException(files + " does not say what its image is called: give --name such as app:1");
            for (var each : names) loaded.add(ImageStore.complete(each));
        }
        for (var image : images)
            for (var each : name.map(List::of).orElse(image.names())) store.name(each, image.manifest());
        return loaded;
    }

    private static List<String> names(List<FoundImage> images) {
        return images.stream()
                .map(image -> image.names().isEmpty()
                        ? "without a name"
                        : image.names().getFirst())
                .toList();
    }

    private List<FoundImage> images() throws IOException {
        if (files.has("index.json")) return new OciLayout(files, store.blobs()).images();
        if (!files.has("manifest.json"))
            throw new IOException(
                    files + " is no image archive: it has neither index.json (OCI) nor manifest.json (docker save)");
        var images = new ArrayList<FoundImage>();
        for (var image : View.of(Json.parse(ImageManifest.document(files.file("manifest.json"))))
                .views()) images.add(saved(image));
        return images;
    }

    /// What `docker save` has written of an image: its manifest is made anew.
    private FoundImage saved(View image) throws IOException {
        var listed = image.get("Layers").strings();
        if (listed.size() > ImageManifest.MOST_PARTS)
            throw new IOException(files + " has an image of more than " + ImageManifest.MOST_PARTS + " layers");
        var config = ImageManifest.document(files.file(image.get("Config").string()));
        var names = image.get("RepoTags").strings();
        Platform.requireHere(config, names.isEmpty() ? files.toString() : names.getFirst());
        var layers = new ArrayList<ImageManifest.Layer>();
        for (var layer : listed) {
            boolean gzip;
            try (var stream = Files.newInputStream(files.file(layer))) {
                gzip = ArchiveFiles.isGzip(stream.readNBytes(2));
            }
            var digest = store.blobs().add(files.copy(layer));
            layers.add(new ImageManifest.Layer(ImageManifest.LAYER + (gzip ? "+gzip" : ""), digest));
        }
        var manifest = ImageManifest.of(store.blobs(), store.blobs().add(config), layers);
        return new FoundImage(store.blobs().add(manifest), names);
    }
}
