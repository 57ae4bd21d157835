package io.navarch.apps.lifecycle;

import io.navarch.cli.KubeconfigFile;
import io.navarch.cri.GrpcRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.http.EventLoops;
import io.navarch.images.Containerd;
import io.navarch.podnetwork.BridgeNetwork;
import io.navarch.podnetwork.PodRoutes;
import io.navarch.process.Command;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.serviceproxy.ServiceProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// `navarch down`: ends the server, the pods and containerd; with `--purge` removes everything that was ever made.
public final class DownCommand {
    private static final List<Option> OPTIONS = List.of(
            Option.value("data-dir", "/var/lib/navarch", "of the cluster"), Option.flag("purge", "remove all data"));

    private final Cluster cluster;

    DownCommand(Cluster cluster) {
        this.cluster = cluster;
    }

    public static int run(List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        Logs.configure(false);
        var options = Options.parse(OPTIONS, arguments, environment).withoutArguments();
        var progress = new Progress(System.out);
        var cluster = new Cluster(Path.of(options.string("data-dir")).toAbsolutePath());
        var down = new DownCommand(cluster);
        progress.step("stopping the cluster in " + cluster.directory());
        down.stop();
        progress.done("stopped");
        if (options.flag("purge")) {
            down.purge();
            progress.done("nothing is left");
        }
        return 0;
    }

    /// Leaves the data, so that `up` goes on where it was.
    void stop() throws IOException, InterruptedException {
        var server = cluster.server();
        if (server.isPresent()) Cluster.end(server.get());
        Files.deleteIfExists(cluster.pidFile());
        stopPods();
        var containerd = cluster.containerd();
        if (containerd.isPresent()) Cluster.end(containerd.get());
        Files.deleteIfExists(new Containerd(cluster.directory()).pidFile());
        network();
        KubeconfigFile.takeOut(Cluster.userKubeconfig());
    }

    private void stopPods() {
        var containerd = new Containerd(cluster.directory());
        if (!containerd.answers()) return;
        try (var eventLoops = new EventLoops(1);
                var runtime = new GrpcRuntime(containerd.socket(), eventLoops.group())) {
            var threads = runtime.podSandboxes(Map.of()).stream()
                    .map(box -> Thread.ofVirtual().start(() -> {
                        // One that cannot be stopped must not keep the others.
                        try {
                            runtime.stopPodSandbox(box.id());
                            runtime.removePodSandbox(box.id());
                        } catch (RuntimeFailure e) {
                            System.err.println("pod " + box.podName() + ": " + e.getMessage());
                        }
                    }))
                    .toList();
            for (var thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private static void network() {
        if (Files.exists(Path.of("/usr/sbin/nft"))) ServiceProxy.remove();
        if (Files.exists(Path.of("/usr/sbin/ip"))) new PodRoutes().remove();
        Cluster.attempt(List.of("ip", "link", "delete", BridgeNetwork.BRIDGE));
    }

    private void purge() throws IOException {
        var directory = cluster.directory();
        // The deepest first.
        var mounts = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" ")[1])
                .filter(target -> target.startsWith(directory + "/"))
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        for (var mount : mounts) Command.run(List.of("umount", mount));
        BridgeNetwork.restore(directory.resolve("cni/state"));
        logs(directory.resolve("kubelet/pods"));
        delete(directory);
        for (var shared : List.of(
                "/var/log/pods",
                "/var/lib/cni/results",
                "/var/lib/cni/cache",
                "/var/lib/cni",
                "/run/containerd/s",
                "/run/containerd/io.containerd.runtime.v2.task",
                "/run/containerd",
                "/run/netns")) {
            removeIfEmpty(Path.of(shared));
        }
        try (var hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (var hierarchy : hierarchies.toList()) removeCgroups(hierarchy.resolve("kubepods"));
        }
        removeCgroups(Path.of("/sys/fs/cgroup/kubepods"));
    }

    /// Logs of our pods; another kubelet's lie in the same directory.
    private static void logs(Path pods) throws IOException {
        var all = Path.of("/var/log/pods");
        if (!Files.isDirectory(pods) || !Files.isDirectory(all)) return;
        try (var ours = Files.list(pods);
                var theirs = Files.list(all)) {
            var uids = ours.map(pod -> "_" + pod.getFileName()).toList();
            for (var log : theirs.toList()) {
                if (uids.stream().anyMatch(log.toString()::endsWith)) delete(log);
            }
        }
    }

    private static void removeIfEmpty(Path path) throws IOException {
        if (!Files.isDirectory(path)) return;
        try (var children = Files.list(path)) {
            if (children.findAny().isPresent()) return;
        }
        Cluster.attempt(List.of("rmdir", path.toString()));
    }

    private static void removeCgroups(Path path) throws IOException {
        if (!Files.isDirectory(path)) return;
        try (var children = Files.list(path)) {
            for (var child : children.filter(Files::isDirectory).toList()) removeCgroups(child);
        }
        Cluster.attempt(List.of("rmdir", path.toString()));
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) return;
        try (var walk = Files.walk(directory)) {
            for (var path : walk.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
        }
    }
}
