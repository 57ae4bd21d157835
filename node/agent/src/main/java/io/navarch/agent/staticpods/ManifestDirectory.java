package io.navarch.agent.staticpods;

import io.navarch.agent.linux.Handle;
import io.navarch.kinds.pod.PodManifest;
import io.navarch.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The directory whose files say which pods a node runs by itself. Only regular files count: links are not followed,
/// and nothing is read that might never end. Names that begin with a dot are left to whoever writes files.
final class ManifestDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestDirectory.class);

    /// More than a node has room for.
    static final int MOST_FILES = 500;

    /// As long as what the API takes; of a longer one there could be no mirror.
    static final int LONGEST = 3 << 20;

    private static final long MOST_BYTES = 32L << 20;

    /// What a file said when it was read last.
    private record Reading(byte[] text, Optional<Pod> pod) {}

    private final Path path;
    private final String node;
    private final Supplier<PodManifest> manifests;
    /// By the file's name; of the only thread that reads.
    private final Map<String, Reading> readings = new HashMap<>();
    private final Map<String, String> complaints = new HashMap<>();

    /// @param manifests asked only where there is a file
    ManifestDirectory(Path path, String node, Supplier<PodManifest> manifests) {
        this.path = path;
        this.node = node;
        this.manifests = manifests;
    }

    Path path() {
        return path;
    }

    /// The pods by the names of their files, without those whose files say nothing that can be used.
    ///
    /// @throws IOException when it cannot be told what is there; a directory that is not there has nothing in it
    Map<String, Pod> list() throws IOException {
        var pods = new TreeMap<String, Pod>();
        var names = names();
        readings.keySet().retainAll(names);
        complaints.keySet().retainAll(names);
        long bytes = 0;
        for (var name : names) {
            var pod = read(name, MOST_BYTES - bytes);
            var reading = readings.get(name);
            if (reading != null) bytes += reading.text.length;
            pod.ifPresent(found -> pods.put(name, found));
        }
        return pods;
    }

    private List<String> names() throws IOException {
        try (var directory = Handle.directory(path);
                var files = Files.list(directory.path())) {
            var names = files.map(file -> file.getFileName().toString())
                    .filter(ManifestDirectory::counts)
                    .limit(MOST_FILES + 1L)
                    .sorted()
                    .toList();
            if (names.size() > MOST_FILES)
                throw new IOException(path + " has more than " + MOST_FILES + " files: none is looked at");
            return names;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    static boolean counts(String name) {
        return !name.startsWith(".");
    }

    /// The pod that a file describes, empty when it describes none.
    Optional<Pod> read(String name) {
        return read(name, LONGEST);
    }

    private Optional<Pod> read(String name, long most) {
        if (!readings.containsKey(name) && readings.size() >= MOST_FILES) return Optional.empty();
        try {
            var text = text(name, (int) Math.min(LONGEST, most));
            var known = readings.get(name);
            if (known != null && Arrays.equals(known.text, text)) return known.pod;
            var pod = parse(name, text);
            readings.put(name, new Reading(text, pod));
            return pod;
        } catch (IOException e) {
            readings.remove(name);
            complain(name, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private byte[] text(String name, int most) throws IOException {
        try (var directory = Handle.directory(path);
                var file = directory.child(name)) {
            if (!file.attributes().isRegularFile()) throw new IOException("it is not a regular file");
            var text = file.read(most + 1);
            if (text.length > most) throw new IOException("it is longer than may be: " + most + " bytes");
            return text;
        }
    }

    private Optional<Pod> parse(String name, byte[] text) {
        try {
            var pod = manifests.get().read(text, node, path.resolve(name).toString());
            complaints.remove(name);
            return Optional.of(pod);
        } catch (PodManifest.InvalidException e) {
            complain(name, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /// Once, however often it is looked at.
    private void complain(String name, String why) {
        if (!why.equals(complaints.put(name, why))) LOG.warn("{}: no pod is run of it: {}", path.resolve(name), why);
    }
}
