package io.navarch.apps.lifecycle;

import io.navarch.apps.support.Bundle;
import io.navarch.apps.usage.Usage;
import io.navarch.cli.KubeconfigClient;
import io.navarch.client.Client;
import io.navarch.http.EventLoops;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/// `navarch support bundle`: what a helper needs in one file, secrets left out.
public final class SupportCommand {
    private static final List<Option> OPTIONS = List.of(AdminAccess.DATA, Option.value("port", "6443", "of the API"));

    public static final Usage USAGE = Usage.of(
            "support",
            "collects in one file what a helper needs, without secrets",
            List.of(Usage.line(
                    "support bundle [FILE]",
                    "versions, what doctor says, logs, and objects but Secrets and ConfigMaps")),
            List.of(Usage.line("navarch support bundle", "look into it before you give it away: unzip -l FILE")),
            OPTIONS);

    /// Neither Secrets nor ConfigMaps: who runs a cluster cannot say what others keep there.
    private static final List<ResourceType<?>> KINDS = List.of(
            Resources.NODES,
            Resources.NAMESPACES,
            Resources.PODS,
            Resources.DEPLOYMENTS,
            Resources.REPLICA_SETS,
            Resources.STATEFUL_SETS,
            Resources.DAEMON_SETS,
            Resources.JOBS,
            Resources.SERVICES,
            Resources.ENDPOINT_SLICES,
            Resources.INGRESSES,
            Resources.PERSISTENT_VOLUMES,
            Resources.PERSISTENT_VOLUME_CLAIMS,
            Resources.EVENTS);

    private static final List<String> LOGS = List.of(
            "server.log",
            "server.log.1",
            "server.state",
            "agent.log",
            "agent.log.1",
            "agent.state",
            "containerd/containerd.log",
            "containerd/containerd.state",
            "FORMAT",
            "store/FORMAT");

    /// Of a kind at most so many.
    private static final int OBJECTS = 2000;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private SupportCommand() {}

    /// @param version of this program
    public static int run(String version, List<String> arguments, Map<String, String> environment) throws IOException {
        var options = Options.parse(OPTIONS, arguments, environment);
        var words = options.positional();
        if (words.isEmpty() || !words.getFirst().equals("bundle") || words.size() > 2) throw USAGE.wrong(words);
        var cluster =
                new Cluster(Path.of(options.string(AdminAccess.DATA.name())).toAbsolutePath());
        var file = Path.of(
                words.size() == 2
                        ? words.getLast()
                        : "navarch-support-"
                                + TIME.format(InstantSource.system().instant()) + ".zip");
        try (var bundle = Bundle.create(file)) {
            bundle.text("version", "client " + version + "\n");
            collect(bundle, cluster, options.integer("port"));
        }
        System.out.println("made " + file.toAbsolutePath() + "; what was known as a secret is left out: look into it"
                + " before you give it away");
        return 0;
    }

    static void collect(Bundle bundle, Cluster cluster, int port) throws IOException {
        var doctor = new ByteArrayOutputStream();
        var ignored = DoctorCommand.tell(
                DoctorCommand.findings(cluster, port), new PrintStream(doctor, true, StandardCharsets.UTF_8));
        bundle.text("doctor", doctor.toString(StandardCharsets.UTF_8));
        for (var role : Cluster.ROLES)
            bundle.lines(
                    "processes-" + role,
                    cluster.all(role).stream()
                            .map(each -> each.pid() + " " + String.join(" ", each.arguments()))
                            .toList());
        for (var log : LOGS) bundle.log(log, cluster.directory().resolve(log));
        if (!Files.isReadable(cluster.kubeconfig())) return;
        try (var eventLoops = new EventLoops(1)) {
            objects(bundle, KubeconfigClient.open(cluster.kubeconfig(), eventLoops));
        }
    }

    static void objects(Bundle bundle, Client client) throws IOException {
        for (var kind : KINDS) {
            try {
                bundle.objects(
                        "objects/" + kind.plural() + ".jsonl",
                        client.list(kind, "", "limit=" + OBJECTS).get("items").stream()
                                .map(View::map)
                                .toList());
            } catch (ApiException e) {
                bundle.text("objects/" + kind.plural() + ".error", e.message() + "\n");
            }
        }
    }
}
