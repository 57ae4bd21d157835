package io.navarch.apps.lifecycle;

import io.navarch.agent.cgroups.CgroupRemains;
import io.navarch.apps.usage.Usage;
import io.navarch.cli.KubeconfigFile;
import io.navarch.cri.GrpcRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.cri.Sandbox;
import io.navarch.http.EventLoops;
import io.navarch.images.Containerd;
import io.navarch.podnetwork.BridgeNetwork;
import io.navarch.podnetwork.PodRoutes;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.process.RunningProgram;
import io.navarch.serviceproxy.ServiceProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `navarch down`: ends the server, the pods and containerd; with `--purge` removes everything that was ever made.
public final class DownCommand {
    private static final List<Option> OPTIONS = List.of(
            Option.value("data-dir", "/var/lib/navarch", "of the cluster"), Option.flag("purge", "remove all data"));

    public static final Usage USAGE = Usage.of(
            "down",
            "stops the cluster on this machine; what it knows stays",
            List.of(Usage.line("down [OPTIONS]", "")),
            List.of(
                    Usage.line("navarch down", "containers end, and `navarch up` starts them again"),
                    Usage.line("navarch down --purge", "nothing is left of it")),
            OPTIONS);

    /// Where a runtime that is only there to stop what it runs would look for images.
    /// Where those who hold containers listen, whichever containerd started them.
    private static final Path SHIMS = Path.of("/run/containerd/s");

    private static final int REGISTRY_PORT = 10270;

    private final Cluster cluster;

    DownCommand(Cluster cluster) {
        this.cluster = cluster;
    }

    public static int run(List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        Logs.configure();
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

    /// Leaves the data, so that `up` goes on where it was. Whatever has died before: all that runs is found.
    void stop() throws IOException, InterruptedException {
        supervisors();
        for (var role : Cluster.ROLES) {
            for (var left : cluster.all(role)) end(left);
            Files.deleteIfExists(cluster.supervisor(role).pidFile());
        }
        var containerd = cluster.runtime();
        var remains = new Remains(containerd);
        // With one that died, what it ran still runs: it is started once more to end that.
        if ((containerd.answers() || remains.any()) && revive(containerd)) stopPods(containerd);
        var process = containerd.process();
        if (process.isPresent()) Cluster.end(process.get());
        Files.deleteIfExists(containerd.pidFile());
        Files.deleteIfExists(containerd.stateFile());
        if (remains.any()) remains.remove();
        cgroups();
        network();
        KubeconfigFile.takeOut(Cluster.userKubeconfig());
    }

    /// Groups in which something runs stay: another cluster's are in the same place.
    private void cgroups() {
        CgroupRemains.of(cluster.directory().resolve("kubelet")).remove();
    }

    private void supervisors() throws IOException, InterruptedException {
        for (var role : Cluster.ROLES)
            SystemdService.of(cluster.directory(), role).ifPresent(SystemdService::stop);
        for (var role : Cluster.ROLES) cluster.end(cluster.supervisor(role));
    }

    private static void end(RunningProgram program) throws InterruptedException {
        var process = program.process();
        if (process.isPresent()) Cluster.end(process.get());
    }

    /// Whether the runtime can be asked; one that hangs is started anew.
    private static boolean revive(Containerd containerd) throws InterruptedException {
        try {
            if (containerd.answers() && !hears(containerd)) {
                var hung = containerd.process();
                if (hung.isPresent()) Cluster.kill(hung.get());
            }
            boolean ignored = containerd.start(REGISTRY_PORT).isPresent();
            return true;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return false;
        }
    }

    private static boolean hears(Containerd containerd) {
        try (var eventLoops = new EventLoops(1);
                var runtime = new GrpcRuntime(containerd.socket(), eventLoops.group())) {
            var version = runtime.version();
            return !version.runtimeName().isEmpty();
        } catch (RuntimeFailure e) {
            return false;
        }
    }

    private static void stopPods(Containerd containerd) {
        try (var eventLoops = new EventLoops(1);
                var runtime = new GrpcRuntime(containerd.socket(), eventLoops.group())) {
            var threads = runtime.podSandboxes(Map.of()).stream()
                    .map(box -> Thread.ofVirtual().start(() -> stop(runtime, box)))
                    .toList();
            for (var thread : threads) thread.join();
        } catch (RuntimeFailure e) {
            System.err.println("the runtime does not say what it runs: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// One that cannot be stopped must not keep the others. What has stopped stays known: with it the next agent counts
    /// restarts, and finds the logs from before.
    private static void stop(GrpcRuntime runtime, Sandbox box) {
        try {
            runtime.stopPodSandbox(box.id());
        } catch (RuntimeFailure e) {
            // A container that ends while it is being told to end makes containerd fail; then there is less to do.
            again(runtime, box);
        }
    }

    private static void again(GrpcRuntime runtime, Sandbox box) {
        try {
            runtime.stopPodSandbox(box.id());
        } catch (RuntimeFailure e) {
            System.err.println("pod " + box.podName() + ": " + e.getMessage());
        }
    }

    private static void network() {
        if (Files.exists(Path.of("/usr/sbin/nft"))) ServiceProxy.remove();
        if (Files.exists(Path.of("/usr/sbin/ip"))) new PodRoutes().remove();
        Remains.attempt(List.of("ip", "link", "delete", BridgeNetwork.BRIDGE));
    }

    private void purge() throws IOException {
        var directory = cluster.directory();
        Remains.unmount(directory);
        BridgeNetwork.restore(directory.resolve("cni/state"));
        logs(directory.resolve("kubelet/pods"));
        Remains.delete(directory);
        Remains.deadSockets(SHIMS);
        for (var shared : List.of(
                "/var/log/pods",
                "/var/lib/cni/results",
                "/var/lib/cni/cache",
                "/var/lib/cni",
                SHIMS.toString(),
                "/run/containerd/io.containerd.runtime.v2.task",
                "/run/containerd/runc/k8s.io",
                "/run/containerd/runc",
                "/run/containerd",
                "/run/netns")) {
            removeIfEmpty(Path.of(shared));
        }
    }

    /// Logs of our pods; another kubelet's lie in the same directory.
    private static void logs(Path pods) throws IOException {
        var all = Path.of("/var/log/pods");
        if (!Files.isDirectory(pods) || !Files.isDirectory(all)) return;
        try (var ours = Files.list(pods);
                var theirs = Files.list(all)) {
            var uids = ours.map(pod -> "_" + pod.getFileName()).toList();
            for (var log : theirs.toList()) {
                if (uids.stream().anyMatch(log.toString()::endsWith)) Remains.delete(log);
            }
        }
    }

    private static void removeIfEmpty(Path path) throws IOException {
        if (!Files.isDirectory(path)) return;
        try (var children = Files.list(path)) {
            if (children.findAny().isPresent()) return;
        }
        Remains.attempt(List.of("rmdir", path.toString()));
    }
}
