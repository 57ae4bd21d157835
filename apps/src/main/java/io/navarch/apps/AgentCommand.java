package io.navarch.apps;

import io.navarch.agent.decide.AgentConfig;
import io.navarch.client.Informers;
import io.navarch.http.EventLoops;
import io.navarch.join.CertificatePin;
import io.navarch.join.JoinConfig;
import io.navarch.join.Membership;
import io.navarch.join.NodePlace;
import io.navarch.kinds.secret.FreshToken;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/// `navarch agent`: a node of a cluster whose control plane is somewhere else, until a signal comes.
final class AgentCommand {
    private static final List<Option> DECLARED = List.of(
            Option.value("server", "", "of the cluster to join, such as https://192.0.2.7:6443"),
            Option.value("token", "", "by which the node joins, from navarch token create; needed once"),
            Option.value("token-file", "", "file that holds it"),
            Option.list("discovery-token-ca-cert-hash", "of the cluster's authority: sha256:…"),
            Option.value("data-dir", "/var/lib/navarch-agent", "everything that is kept"),
            Option.value("node-name", "", "default: the host's name"),
            Option.value("node-ip", "", "default: the first address of the host"),
            Option.value("port", "10250", "of the node's API"),
            Option.value("registry-port", "10270", "of the node's own images, for this machine alone"),
            Option.value("certificate-hours", "0", "how long certificates live (0: as the cluster likes)"),
            Option.flag("seccomp-default", "confine pods that say nothing as the runtime does it by default"),
            Option.list("allowed-unsafe-sysctls", "sysctls that pods may set although others feel it"),
            Option.flag("verbose", "log more"));

    private AgentCommand() {}

    static int run(List<String> arguments, Map<String, String> environment) throws IOException, InterruptedException {
        var options = Options.parse(DECLARED, arguments, environment).withoutArguments();
        var config = config(options, Host.local());
        var hardening =
                new AgentConfig.Hardening(options.flag("seccomp-default"), options.strings("allowed-unsafe-sysctls"));
        var ports = new NodeRole.Ports(options.integer("port"), options.integer("registry-port"));
        Logs.configure(options.flag("verbose"));
        var data = Path.of(options.string("data-dir")).toAbsolutePath();
        DataDirectory.prepare(data);
        var clock = InstantSource.system();
        try (var signals = new Signals();
                var eventLoops = new EventLoops(2);
                var scope = new TaskScope()) {
            var member = Membership.enter(config, eventLoops, clock, new SecureRandom());
            var client = member.client("kubelet");
            var given = NodePlace.of(client, config.node(), clock);
            member.start(scope);
            var place = new NodeRole.Place(
                    data,
                    config.node(),
                    config.address(),
                    ports,
                    given.podCidr(),
                    given.dnsAddress(),
                    given.domain(),
                    hardening);
            var access = new NodeRole.Access(client, new Informers(client));
            try (var node = new NodeRole(place, access, member::serving, eventLoops)) {
                LoggerFactory.getLogger(AgentCommand.class)
                        .info(
                                "{} is a node of {}",
                                config.node(),
                                member.cluster().server());
                signals.await();
            }
        }
        return 0;
    }

    static JoinConfig config(Options options, Host host) {
        var name = options.string("node-name");
        var address = options.string("node-ip");
        try {
            return new JoinConfig(
                    server(options.string("server")),
                    token(options).map(FreshToken::parse),
                    options.strings("discovery-token-ca-cert-hash").stream()
                            .map(CertificatePin::parse)
                            .toList(),
                    Path.of(options.string("data-dir")).toAbsolutePath().resolve("identity"),
                    name.isEmpty() ? host.name() : name,
                    address.isEmpty() ? host.address() : address,
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

    private static Optional<String> token(Options options) {
        var file = options.string("token-file");
        try {
            var text = file.isEmpty()
                    ? options.string("token")
                    : Files.readString(Path.of(file)).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        } catch (IOException e) {
            throw new Options.UsageException("cannot read --token-file " + file + ": " + e.getMessage());
        }
    }
}
