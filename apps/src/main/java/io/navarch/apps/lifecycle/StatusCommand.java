package io.navarch.apps.lifecycle;

import io.navarch.cli.KubeconfigClient;
import io.navarch.http.EventLoops;
import io.navarch.model.PodPhase;
import io.navarch.model.Resources;
import io.navarch.model.StatusCondition;
import io.navarch.objects.ApiException;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `navarch status`: what runs. Exit code 1 when something that should run does not.
public final class StatusCommand {
    private StatusCommand() {}

    public static int run(List<String> arguments, Map<String, String> environment) throws IOException {
        Logs.configure(false);
        var options = Options.parse(
                List.of(Option.value("data-dir", "/var/lib/navarch", "of the cluster")), arguments, environment);
        var cluster = new Cluster(Path.of(options.string("data-dir")).toAbsolutePath());
        var server = cluster.server();
        System.out.println("server:     "
                + server.map(process -> "running, pid " + process.pid()).orElse("not running"));
        System.out.println("containerd: "
                + cluster.containerd()
                        .map(process -> "running, pid " + process.pid())
                        .orElse("not running"));
        if (server.isEmpty()) return 1;
        System.out.println("kubeconfig: " + cluster.kubeconfig());
        try (var eventLoops = new EventLoops(1)) {
            var client = KubeconfigClient.open(cluster.kubeconfig(), eventLoops);
            for (var node : client.items(Resources.NODES, "", "")) {
                boolean ready = StatusCondition.isTrue(node.status().conditions(), "Ready");
                System.out.println("node:       " + node.name() + ", " + (ready ? "Ready" : "not Ready"));
            }
            var pods = client.items(Resources.PODS, "", "");
            long running = pods.stream()
                    .filter(pod -> pod.status().phase() == PodPhase.RUNNING)
                    .count();
            System.out.println("pods:       " + running + " of " + pods.size() + " running");
        } catch (ApiException e) {
            System.out.println("API:        " + e.getMessage());
            return 1;
        }
        return 0;
    }
}
