package io.navarch.agent.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A directory whose files change all at once: they are links through `..data`, which is itself a link to a directory
/// that is never changed, and is replaced in one step. Readers never see half of a change.
final class AtomicDirectory {
    private static final String DATA = "..data";

    private AtomicDirectory() {}

    /// @param files by path below the directory
    static void write(Path directory, Map<String, FileContent> files, FileOwner owner) throws IOException {
        Files.createDirectories(directory);
        var data = directory.resolve(DATA);
        if (Files.exists(data) && same(data, files)) return;
        var fresh = fill(Files.createTempDirectory(directory, ".."), files, owner);
        var old = Files.exists(data, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(directory.resolve(Files.readSymbolicLink(data)))
                : Optional.<Path>empty();
        var link = directory.resolve("..data_tmp");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, fresh.getFileName());
        Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        var names = files.keySet().stream().map(path -> path.split("/")[0]).collect(Collectors.toSet());
        show(directory, names);
        if (old.isPresent()) PodDirectories.delete(old.get());
    }

    private static Path fill(Path fresh, Map<String, FileContent> files, FileOwner owner) throws IOException {
        FileOwner.mode(fresh, 0755);
        for (var entry : files.entrySet()) {
            var file = fresh.resolve(entry.getKey()).normalize();
            if (!file.startsWith(fresh)) throw new IOException("path " + entry.getKey() + " leads out of the volume");
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue().bytes());
            FileOwner.mode(file, entry.getValue().mode());
            owner.own(file);
        }
        return fresh;
    }

    /// Makes the names that readers see, and takes away those that have gone.
    private static void show(Path directory, Set<String> names) throws IOException {
        for (var name : names) {
            var visible = directory.resolve(name);
            if (!Files.exists(visible, LinkOption.NOFOLLOW_LINKS))
                Files.createSymbolicLink(visible, Path.of(DATA, name));
        }
        try (var list = Files.list(directory)) {
            for (var path : list.toList()) {
                var name = path.getFileName().toString();
                if (!name.startsWith("..") && !names.contains(name)) Files.delete(path);
            }
        }
    }

    private static boolean same(Path data, Map<String, FileContent> files) throws IOException {
        for (var entry : files.entrySet()) {
            var file = data.resolve(entry.getKey());
            if (!Files.exists(file)
                    || !Arrays.equals(Files.readAllBytes(file), entry.getValue().bytes())) return false;
        }
        try (var walk = Files.walk(data.toRealPath())) {
            return walk.filter(Files::isRegularFile).count() == files.size();
        }
    }
}
