package io.navarch.agent.volumes;

import io.navarch.agent.linux.Handle;
import io.navarch.agent.linux.RemovedTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A directory whose files change all at once: they are links through `..data`, which is itself a link to a directory
/// that is never changed, and is replaced in one step. Readers never see half of a change.
///
/// Containers cannot write to it; should one have found a way, then what it left is replaced or removed, and never
/// followed.
///
/// @param root the directory
record AtomicDirectory(Handle root, FileOwner owner) {
    private static final String DATA = "..data";
    private static final String NEXT_DATA = "..data_tmp";

    /// @param files by path below the directory
    static void write(Path directory, Map<String, FileContent> files, FileOwner owner) throws IOException {
        Files.createDirectories(directory);
        try (var root = Handle.directory(directory)) {
            new AtomicDirectory(root, owner).write(files);
        }
    }

    private void write(Map<String, FileContent> files) throws IOException {
        var old = current();
        if (old.isPresent() && same(old.get(), files)) return;
        var fresh = fill(files);
        RemovedTree.remove(root, NEXT_DATA);
        Files.createSymbolicLink(root.entry(NEXT_DATA), Path.of(fresh));
        if (!Files.isSymbolicLink(root.entry(DATA))) RemovedTree.remove(root, DATA);
        Files.move(
                root.entry(NEXT_DATA),
                root.entry(DATA),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        show(files.keySet().stream().map(path -> path.split("/")[0]).collect(Collectors.toSet()), fresh);
    }

    /// The name of the directory that holds the files now; empty when there is none, or none that was made here.
    private Optional<String> current() throws IOException {
        var link = root.entry(DATA);
        if (!Files.isSymbolicLink(link)) return Optional.empty();
        var target = Files.readSymbolicLink(link);
        var name = target.toString();
        boolean own = target.getNameCount() == 1 && name.startsWith("..") && name.length() > 2 && !name.equals(DATA);
        return own && Files.isDirectory(root.entry(name), LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(name)
                : Optional.empty();
    }

    /// Returns the name of a new directory with the files.
    private String fill(Map<String, FileContent> files) throws IOException {
        for (var path : files.keySet()) {
            if (Arrays.asList(path.split("/")).contains(".."))
                throw new IOException("path " + path + " leads out of the volume");
        }
        var name = Files.createTempDirectory(root.path(), "..").getFileName().toString();
        try (var fresh = root.child(name)) {
            owner.ownDirectory(fresh.path());
            for (var entry : files.entrySet()) put(fresh, entry.getKey(), entry.getValue());
        }
        return name;
    }

    private void put(Handle directory, String path, FileContent content) throws IOException {
        int slash = path.indexOf('/');
        if (slash < 0) {
            Files.write(
                    directory.entry(path), content.bytes(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (var file = directory.child(path)) {
                owner.own(file.path(), content);
            }
            return;
        }
        var first = path.substring(0, slash);
        if (first.isEmpty() || first.equals(".")) {
            put(directory, path.substring(slash + 1), content);
            return;
        }
        var child = directory.entry(first);
        boolean made = !Files.exists(child, LinkOption.NOFOLLOW_LINKS);
        if (made) Files.createDirectory(child);
        try (var inside = directory.child(first)) {
            if (made) owner.ownDirectory(inside.path());
            put(inside, path.substring(slash + 1), content);
        }
    }

    /// Makes the names that readers see, and takes away all that is not of now.
    private void show(Set<String> names, String fresh) throws IOException {
        for (var name : names) {
            var visible = root.entry(name);
            var target = Path.of(DATA, name);
            if (Files.isSymbolicLink(visible) && Files.readSymbolicLink(visible).equals(target)) continue;
            RemovedTree.remove(root, name);
            Files.createSymbolicLink(visible, target);
        }
        var kept = new HashSet<>(names);
        kept.add(DATA);
        kept.add(fresh);
        for (var name : root.names()) {
            if (!kept.contains(name)) RemovedTree.remove(root, name);
        }
    }

    private boolean same(String name, Map<String, FileContent> files) throws IOException {
        try (var data = root.child(name)) {
            if (count(data) != files.size()) return false;
            for (var entry : files.entrySet()) {
                var wanted = entry.getValue().bytes();
                try (var file = data.below(entry.getKey())) {
                    if (!Arrays.equals(file.read(wanted.length + 1), wanted)) return false;
                }
            }
            return true;
        } catch (IOException e) {
            // Files are missing, or something else is where they should be.
            return false;
        }
    }

    private static int count(Handle directory) throws IOException {
        int count = 0;
        for (var name : directory.names()) {
            try (var child = directory.child(name)) {
                count += child.attributes().isDirectory() ? count(child) : 1;
            }
        }
        return count;
    }
}
