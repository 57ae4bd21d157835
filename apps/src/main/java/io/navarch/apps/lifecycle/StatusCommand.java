package io.navarch.apps.lifecycle;

import io.navarch.cli.KubeconfigClient;
import io.navarch.http.EventLoops;
import io.navarch.model.PodPhase;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// `navarch status`: what runs, since when, and what has died before. Exit code 1 when something that should run does
/// not.
public final class StatusCommand {
    private StatusCommand() {}

    public static int run(List<String> arguments, Map<String, String> environment) throws IOException {
        Logs.configure(false);
        var options = Options.parse(
                List.of(Option.value("data-dir", "/var/lib/navarch", "of the cluster")), arguments, environment);
        var cluster = new Cluster(Path.of(options.string("data-dir")).toAbsolutePath());
        var now = InstantSource.system().instant();
        boolean whole = processes(cluster, now);
        if (cluster.server().isEmpty() || !Files.exists(cluster.kubeconfig())) return 1;
        System.out.println("kubeconfig: " + cluster.kubeconfig());
        try (var eventLoops = new EventLoops(1)) {
            var client = KubeconfigClient.open(cluster.kubeconfig(), eventLoops);
            for (var node : client.items(Resources.NODES, "", ""))
                System.out.println("node:       " + NodeReport.of(node).told(now));
            var pods = client.items(Resources.PODS, "", "");
            long running = pods.stream()
                    .filter(pod -> pod.status().phase() == PodPhase.RUNNING)
                    .count();
            System.out.println("pods:       " + running + " of " + pods.size() + " running");
        } catch (ApiException e) {
            System.out.println("API:        " + e.getMessage());
            return 1;
        }
        return whole ? 0 : 1;
    }

    /// Whether all run that should.
    private static boolean processes(Cluster cluster, Instant now) throws IOException {
        var service = SystemdService.of(cluster.directory(), "server");
        var server = cluster.server();
        var supervisor = cluster.supervisor().process();
        var containerd = cluster.containerd();
        System.out.println("server:     "
                + PartReport.of(server, cluster.supervisor().state()).told(now));
        if (service.isPresent())
            System.out.println("supervisor: " + service.get().told());
        else if (server.isPresent() && supervisor.isEmpty())
            System.out.println("supervisor: not running; nobody would start the server again: `navarch up` mends that");
        else supervisor.ifPresent(process -> System.out.println("supervisor: running, pid " + process.pid()));
        System.out.println("containerd: "
                + PartReport.of(containerd, cluster.containerdState()).told(now));
        return server.isPresent()
                && (containerd.isPresent() || !cluster.runtime().used());
    }
}
