package io.navarch.crash.postgres;

import io.navarch.crash.Tally;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What pods that have gone may have left on the machine.
record Remains(Path data, Set<String> uids) {
    private static final Path NETWORKS = Path.of("/run/netns");
    private static final Path LINKS = Path.of("/sys/class/net");

    /// How many network namespaces and links there are.
    static int networks() throws IOException {
        return count(NETWORKS) + count(LINKS);
    }

    private static int count(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) return 0;
        try (var list = Files.list(directory)) {
            return (int) list.count();
        }
    }

    /// Waits for a while: what is taken away goes one after the other.
    void tell(Tally tally, int networksBefore) throws IOException, InterruptedException {
        var left = List.<String>of();
        for (int tries = 0; tries < 60; tries++) {
            left = left(networksBefore);
            if (left.isEmpty()) return;
            Thread.sleep(1000);
        }
        left.forEach(each -> tally.finding("left", each));
    }

    private List<String> left(int networksBefore) throws IOException {
        var found = new ArrayList<String>();
        for (var line : Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)
                .split("\n")) {
            if (named(line)) found.add("mount " + line);
        }
        groups(found);
        for (long pid : Processes.all()) {
            if (uids.stream().anyMatch(uid -> Processes.inGroup(pid, uid)))
                found.add("process " + pid + " " + Processes.name(pid));
        }
        int networks = networks();
        if (networks > networksBefore)
            found.add("networks: " + networksBefore + " before the pods, " + networks + " after them");
        for (var directory : List.of("volumes", "kubelet/pods")) {
            if (count(data.resolve(directory)) > 0) found.add(count(data.resolve(directory)) + " in " + directory);
        }
        return found;
    }

    private boolean named(String text) {
        return uids.stream().anyMatch(text::contains);
    }

    private void groups(List<String> found) throws IOException {
        Files.walkFileTree(Path.of("/sys/fs/cgroup"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (!named(directory.toString())) return FileVisitResult.CONTINUE;
                found.add("control group " + directory);
                return FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) return FileVisitResult.CONTINUE;
                throw e;
            }
        });
    }
}
