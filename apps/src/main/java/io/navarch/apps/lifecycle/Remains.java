package io.navarch.apps.lifecycle;

import io.navarch.images.Containerd;
import io.navarch.process.Command;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What containers leave when the runtime that knows them cannot be asked any more: processes, mounts, network
/// namespaces. Found by what stands in the runtime's directory and in command lines, so that another runtime's are left
/// alone.
record Remains(Containerd containerd) {
    /// Where runc keeps what it knows, whoever calls it.
    private static final String RUNC = "/run/containerd/runc/k8s.io";

    private static final Pattern NAMESPACE = Pattern.compile("\"/(?:var/)?run/netns/(cni-[0-9a-f-]+)\"");
    private static final Path NETWORK_RESULTS = Path.of("/var/lib/cni/results");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    boolean any() throws IOException {
        return !bundles().isEmpty() || !containerd.shims().isEmpty();
    }

    private List<Path> bundles() throws IOException {
        if (!Files.isDirectory(containerd.bundles())) return List.of();
        try (var list = Files.list(containerd.bundles())) {
            return list.filter(Files::isDirectory).toList();
        }
    }

    /// Containers first, then who holds them, then what they stood on.
    void remove() throws IOException, InterruptedException {
        var bundles = bundles();
        var namespaces = namespaces(bundles);
        var ids =
                bundles.stream().map(bundle -> bundle.getFileName().toString()).toList();
        for (var id : ids) attempt(List.of("runc", "--root", RUNC, "delete", "--force", id));
        for (var shim : containerd.shims()) {
            var process = shim.process();
            if (process.isPresent()) Cluster.kill(process.get());
        }
        unmount(containerd.state());
        for (var bundle : bundles) delete(bundle);
        for (var namespace : namespaces) removeNamespace(namespace);
        forgetNetworks(ids);
    }

    /// Their paths, as each sandbox's configuration names its own.
    private static List<Path> namespaces(List<Path> bundles) throws IOException {
        var found = new TreeSet<Path>();
        for (var bundle : bundles) {
            var config = bundle.resolve("config.json");
            if (!Files.isReadable(config)) continue;
            NAMESPACE
                    .matcher(Files.readString(config))
                    .results()
                    .forEach(match -> found.add(Path.of("/run/netns", match.group(1))));
        }
        return List.copyOf(found);
    }

    private static void removeNamespace(Path namespace) {
        if (!Files.exists(namespace)) return;
        attempt(List.of("umount", "--lazy", namespace.toString()));
        attempt(List.of("rm", "-f", namespace.toString()));
    }

    /// What the network's plugins have noted for these containers.
    private static void forgetNetworks(List<String> ids) throws IOException {
        if (!Files.isDirectory(NETWORK_RESULTS)) return;
        try (var notes = Files.list(NETWORK_RESULTS)) {
            for (var note : notes.toList())
                if (ids.stream().anyMatch(note.getFileName().toString()::contains)) Files.deleteIfExists(note);
        }
    }

    /// Takes away the sockets in a directory that nobody listens at any more. Who holds containers (a shim) and is
    /// killed
    /// leaves his, and containerd does not know of it.
    static void deadSockets(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) return;
        try (var sockets = Files.list(directory)) {
            for (var socket : sockets.toList()) if (dead(socket)) Files.deleteIfExists(socket);
        }
    }

    private static boolean dead(Path socket) throws IOException {
        var kind = Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!kind.isOther()) return false;
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Neither waits: who listens has a queue, and a full one is told at once.
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Everything mounted below a directory, the deepest first.
    static void unmount(Path directory) throws IOException {
        var mounts = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" ")[1])
                .filter(target -> target.startsWith(directory + "/"))
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        for (var mount : mounts) {
            if (Command.tryRun(List.of("umount", mount), "", PATIENCE).exitCode() != 0)
                // Somebody still works in it; it goes when they do.
                Command.run(List.of("umount", "--lazy", mount));
        }
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) return;
        try (var walk = Files.walk(directory)) {
            for (var path : walk.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
        }
    }

    /// Runs a command that may fail because what it removes is not there.
    static void attempt(List<String> command) {
        Command.tryRun(command, "", PATIENCE);
    }
}
