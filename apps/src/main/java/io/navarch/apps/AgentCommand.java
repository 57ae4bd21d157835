package io.navarch.apps;

import io.navarch.apps.endpoints.Listening;
import io.navarch.apps.lifecycle.BackgroundAgent;
import io.navarch.apps.usage.Usage;
import io.navarch.client.Informers;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.join.CertificatePin;
import io.navarch.join.JoinConfig;
import io.navarch.join.Membership;
import io.navarch.join.NodePlace;
import io.navarch.kinds.secret.FreshToken;
import io.navarch.model.Resources;
import io.navarch.podnetwork.OwnNetwork;
import io.navarch.process.LogOptions;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/// `navarch agent`: a node of a cluster whose control plane is somewhere else, until a signal comes.
final class AgentCommand {
    private static final String TOKEN = "token";
    private static final List<Option> OWN = List.of(
            Option.value("server", "", "of the cluster to join, such as https://192.0.2.7:6443"),
            Option.value(TOKEN, "", "by which the node joins, from navarch token create; needed once"),
            Option.value("token-file", "", "file that holds it"),
            Option.list("discovery-token-ca-cert-hash", "of the cluster's authority: sha256:…"),
            Option.value("data-dir", "/var/lib/navarch-agent", "everything that is kept"),
            Option.value("port", "10250", "of the node's API"),
            Option.value("registry-port", "10270", "of the node's own images, for this machine alone"),
            Option.value("certificate-hours", "0", "how long certificates live (0: as the cluster likes)"),
            Option.flag("background", "leave the agent to a supervisor that starts it again whenever it ends"));

    /// How long a cluster may take that answers at all.
    private static final Duration ANSWER = Duration.ofSeconds(60);

    static final List<Option> DECLARED = Stream.of(OWN, LogOptions.DECLARED, Lookout.DECLARED, NodeOptions.DECLARED)
            .flatMap(List::stream)
            .toList();

    static final Usage USAGE = Usage.of(
            "agent",
            "makes this machine a node of a cluster elsewhere, in the foreground",
            List.of(Usage.line("agent --server URL --token TOKEN [OPTIONS]", "with --background it is left to run")),
            List.of(Usage.line("navarch token create --print-join-command", "on the server: the line to type here")),
            DECLARED);

    private AgentCommand() {}

    static int run(List<String> arguments, Map<String, String> environment) throws IOException, InterruptedException {
        var options = Options.parse(DECLARED, arguments, environment).withoutArguments();
        var logging = LogOptions.read(options);
        var host = Host.local();
        var config = config(options, host);
        var ports = new NodeRole.Ports(
                options.integer("port"), options.integer("registry-port"), Listening.Proxy.of(options));
        var data = Path.of(options.string("data-dir")).toAbsolutePath().normalize();
        if (options.flag("background")) {
            DataDirectory.prepare(data);
            return BackgroundAgent.run(data, arguments, options);
        }
        Logs.configure(logging, Lookout.log(options));
        DataDirectory.prepare(data);
        var clock = InstantSource.system();
        try (var signals = new Signals();
                var eventLoops = new EventLoops(2);
                var scope = new TaskScope();
                var lookout = Lookout.of(options, environment)) {
            var member = Membership.enter(config, eventLoops, clock, new SecureRandom());
            var client = member.client("kubelet");
            var given = NodePlace.of(client, config, clock);
            member.start(scope);
            SpareHeap.start(scope);
            var own = new NodeOptions(options, host);
            var place = new NodeRole.Place(
                    data,
                    config.node(),
                    ports,
                    new OwnNetwork(given.clusterCidr(), given.podCidr(), config.address()),
                    given.dnsAddress(),
                    given.domain(),
                    own.manifests(),
                    own.hardening(),
                    own.eviction(),
                    own.shutdown(),
                    own.resources());
            var caches = new Informers(client);
            var http = new HttpClient(eventLoops, Duration.ofSeconds(2));
            var images = new ClusterRegistry(http, member, caches.of(Resources.ENDPOINT_SLICES));
            var access = new NodeRole.Access(
                    client,
                    caches,
                    images,
                    member.cluster().server().getAuthority(),
                    flags(options),
                    () -> times(member));
            try (var node = new NodeRole(place, access, member::serving, eventLoops)) {
                // While nobody answers, what the node runs by itself runs all the same.
                if (!node.awaitReady(ANSWER))
                    LoggerFactory.getLogger(AgentCommand.class)
                            .warn("the cluster does not answer yet: the node runs what it knows of");
                LoggerFactory.getLogger(AgentCommand.class)
                        .info(
                                "{} is a node of {}",
                                config.node(),
                                member.cluster().server());
                // It answers for the whole process: on the same event loops, by threads of the same pool.
                var registry = HttpClient.Target.plain("127.0.0.1", ports.registry());
                lookout.start(new OwnCall(http, registry, "/v2/"));
                lookout.ready(
                        "node " + config.node() + " of " + member.cluster().server());
                signals.await();
            }
        }
        return 0;
    }

    private static CertificateTimes times(Membership member) {
        var client = member.clientCertificate();
        var serving = member.servingCertificate();
        return new CertificateTimes(client.end(), serving.end(), client.failures(), serving.failures());
    }

    /// The token lets others join.
    private static Map<String, String> flags(Options options) {
        var flags = new TreeMap<>(options.told());
        flags.computeIfPresent(TOKEN, (name, value) -> value.isEmpty() ? "" : "[REDACTED]");
        return flags;
    }

    static JoinConfig config(Options options, Host host) {
        var node = new NodeOptions(options, host);
        var token = options.stringOrFile(TOKEN);
        try {
            return new JoinConfig(
                    server(options.string("server")),
                    token.isEmpty() ? Optional.empty() : Optional.of(FreshToken.parse(token)),
                    options.strings("discovery-token-ca-cert-hash").stream()
                            .map(CertificatePin::parse)
                            .toList(),
                    Path.of(options.string("data-dir")).toAbsolutePath().resolve("identity"),
                    node.name(),
                    node.address(),
                    Duration.ofHours(options.integer("certificate-hours")));
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static URI server(String text) {
        var wrong = "--server must be such as https://192.0.2.7:6443, not \"" + text + "\"";
        try {
            var server = URI.create(text);
            if ("https".equals(server.getScheme()) && server.getHost() != null) return server;
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException(wrong);
        }
        throw new Options.UsageException(wrong);
    }
}
