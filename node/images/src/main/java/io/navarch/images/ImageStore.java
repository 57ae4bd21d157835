package io.navarch.images;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Images that were built, loaded or pushed on this machine: contents, and names for some of them. Several processes
/// may use a directory at a time: the server, and commands.
///
/// Names are completed as Docker does, see [ImageName].
public final class ImageStore {
    /// Who adds contents needs that long until something names them.
    private static final Duration GRACE = Duration.ofHours(1);

    private final Path directory;
    private final Blobs blobs;
    private final Path index;

    public ImageStore(Path directory) throws IOException {
        this.directory = directory;
        blobs = new Blobs(directory.resolve("blobs"));
        index = directory.resolve("names.json");
        // Images may be private, and whoever may read them here need not ask a registry.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }

    public Path directory() {
        return directory;
    }

    public Blobs blobs() {
        return blobs;
    }

    /// What is done while no other process changes names.
    private interface Change<T> {
        T make() throws IOException;
    }

    private synchronized <T> T alone(Change<T> change) throws IOException {
        try (var channel = FileChannel.open(
                        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var ignored = channel.lock()) {
            return change.make();
        }
    }

    /// Names a manifest.
    ///
    /// @throws IOException when something that it is made of is not here
    public void name(String name, String manifest) throws IOException {
        var complete = complete(name);
        boolean ignored = alone(() -> {
            requireWhole(manifest);
            var names = new TreeMap<String, Object>(names());
            names.put(complete, manifest);
            write(names);
            return true;
        });
    }

    /// @throws IOException when a manifest, or something that it is made of, is not here
    private void requireWhole(String manifest) throws IOException {
        var seen = new HashSet<String>();
        var left = new ArrayDeque<>(List.of(manifest));
        while (!left.isEmpty()) {
            var digest = left.pop();
            if (!seen.add(digest)) continue;
            for (var part : ImageManifest.read(blobs.file(digest)).parts()) {
                if (blobs.size(part.digest()) != part.size())
                    throw new IOException(
                            part.digest() + " has " + blobs.size(part.digest()) + " bytes, not " + part.size());
                blobs.touch(part.digest());
                if (part.manifest()) left.push(part.digest());
            }
            blobs.touch(digest);
        }
    }

    private void write(Map<String, Object> names) throws IOException {
        AtomicFile.write(index, Json.write(names), "rw-------");
    }

    /// Every name, and the digest of its manifest.
    public Map<String, String> names() throws IOException {
        if (!Files.exists(index)) return Map.of();
        return new TreeMap<>(View.of(Json.parse(Files.readAllBytes(index))).stringMap());
    }

    public Optional<String> find(String name) throws IOException {
        return Optional.ofNullable(names().get(complete(name)));
    }

    public boolean has(String name) throws IOException {
        return find(name).isPresent();
    }

    /// The name as it is kept.
    ///
    /// @throws IOException when no image can have it
    public static String complete(String name) throws IOException {
        try {
            return ImageName.parse(name).toString();
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// What a name stands for.
    ///
    /// @param size of all that it is made of, packed as it is
    public record Image(String name, String digest, long size, String created) {}

    public List<Image> list() throws IOException {
        var images = new ArrayList<Image>();
        for (var each : names().entrySet()) {
            var reached = new HashSet<String>();
            reach(each.getValue(), reached);
            if (reached.isEmpty()) continue;
            long size = 0;
            for (var digest : reached) size += blobs.size(digest);
            images.add(new Image(
                    each.getKey(),
                    each.getValue(),
                    size,
                    config(each.getValue()).get("created").string()));
        }
        return images;
    }

    /// What an image says of itself; absent for what is no image.
    public View config(String manifest) throws IOException {
        var found = ImageManifest.read(blobs.file(manifest));
        if (found.config().isEmpty() || !blobs.has(found.config().get().digest())) return View.ABSENT;
        var document = ImageManifest.document(blobs.file(found.config().get().digest()));
        try {
            return View.of(Json.parse(document));
        } catch (Json.MalformedException e) {
            return View.ABSENT;
        }
    }

    /// Takes a name away.
    ///
    /// @return what it stood for, if there was such a name
    public Optional<String> forget(String name) throws IOException {
        var complete = complete(name);
        return alone(() -> {
            var names = new TreeMap<String, Object>(names());
            var removed = names.remove(complete);
            if (removed != null) write(names);
            return Optional.ofNullable(removed).map(String::valueOf);
        });
    }

    /// Takes a name away, and what nothing else reaches.
    ///
    /// @param held what is kept besides named images
    /// @return whether there was such a name
    public boolean remove(String name, Set<String> held) throws IOException {
        var removed = forget(name);
        if (removed.isEmpty()) return false;
        return alone(() -> {
            var left = new HashSet<String>();
            reach(removed.get(), left);
            left.removeAll(reached(names().values(), held));
            for (var each : left) blobs.remove(each);
            return true;
        });
    }

    /// Removes what nothing has reached for a while.
    ///
    /// @param held what is kept besides named images
    /// @return how many bytes that were
    public long collect(Set<String> held) throws IOException {
        return alone(() -> {
            var until = Instant.now().minus(GRACE);
            var kept = reached(new ArrayList<>(names().values()), held);
            long freed = 0;
            for (var digest : blobs.all()) {
                if (kept.contains(digest) || blobs.since(digest).isAfter(until)) continue;
                freed += blobs.size(digest);
                blobs.remove(digest);
            }
            blobs.removeDrafts(until);
            return freed;
        });
    }

    private Set<String> reached(Iterable<?> named, Set<String> held) {
        var kept = new HashSet<String>();
        for (var digest : named) reach(String.valueOf(digest), kept);
        for (var digest : held) reach(digest, kept);
        return kept;
    }

    /// What a manifest leads to, with itself.
    private void reach(String manifest, Set<String> reached) {
        var left = new ArrayDeque<>(List.of(manifest));
        while (!left.isEmpty()) {
            var digest = left.pop();
            if (!blobs.has(digest) || !reached.add(digest)) continue;
            try {
                for (var part : ImageManifest.read(blobs.file(digest)).parts()) {
                    if (part.manifest()) left.push(part.digest());
                    else if (blobs.has(part.digest())) reached.add(part.digest());
                }
            } catch (IOException e) {
                // What is no manifest leads nowhere.
            }
        }
    }
}
