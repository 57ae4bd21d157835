package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
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
    private static final List<Option> OPTIONS = List.of(AdminAccess.DATA);

    public static final Usage USAGE = Usage.of(
            "status",
            "says what runs, since when, what died and why",
            List.of(Usage.line("status [OPTIONS]", "exit code 0 when all of it runs")),
            List.of(Usage.line("navarch status", "of the cluster, or of an agent, on this machine")),
            OPTIONS);

    private StatusCommand() {}

    public static int run(List<String> arguments, Map<String, String> environment) throws IOException {
        Logs.configure();
        var options = Options.parse(OPTIONS, arguments, environment).withoutArguments();
        var cluster = new Cluster(Path.of(options.string("data-dir")).toAbsolutePath());
        var now = InstantSource.system().instant();
        if (cluster.joined()) return processes(cluster, "agent", now) ? 0 : 1;
        boolean whole = processes(cluster, "server", now);
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
    private static boolean processes(Cluster cluster, String role, Instant now) throws IOException {
        var service = SystemdService.of(cluster.directory(), role);
        var running = cluster.running(role);
        var supervisor = cluster.supervisor(role).process();
        var containerd = cluster.containerd();
        System.out.println("%-12s".formatted(role + ":")
                + PartReport.of(running, cluster.supervisor(role).state()).told(now));
        if (service.isPresent())
            System.out.println("supervisor: " + service.get().told());
        else if (running.isPresent() && supervisor.isEmpty())
            System.out.println("supervisor: not running; nobody would start the " + role + " again: `navarch "
                    + (role.equals("agent") ? "agent --background" : "up") + "` mends that");
        else supervisor.ifPresent(process -> System.out.println("supervisor: running, pid " + process.pid()));
        System.out.println("containerd: "
                + PartReport.of(containerd, cluster.containerdState()).told(now));
        return running.isPresent()
                && (containerd.isPresent() || !cluster.runtime().used());
    }
}
