package io.navarch.apps;

import io.navarch.apiserver.ApiServerParts;
import io.navarch.apiserver.access.FrontProxy;
import io.navarch.apps.endpoints.Listening;
import io.navarch.apps.snapshot.SnapshotSchedule;
import io.navarch.authentication.TokenFile;
import io.navarch.authorization.AuthorizationFlags;
import io.navarch.authorization.ConfiguredAuthorizers;
import io.navarch.hollow.Behaviour;
import io.navarch.objects.GoDuration;
import io.navarch.objects.GoText;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationReader;
import io.navarch.process.LogOptions;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.tracing.TracingConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The options of `navarch server`, and the configuration they make. Each is a flag, an environment variable
/// and a key of the configuration file.
public final class ServerOptions {
    private static final List<Option> OWN = List.of(
            Option.flag("no-node", "run the control plane only"),
            Option.value("data-dir", "/var/lib/navarch", "everything that is kept"),
            Option.value("port", "6443", "of the API"),
            Option.value("bind-address", "0.0.0.0", "to listen on"),
            Option.value("advertise-address", "", "that pods and nodes reach the API at (default: the node's)"),
            Option.value("registry-port", "10271", "of the cluster's registry, where the node runs (0: none)"),
            Option.list("tls-san", "further names of the API's certificate"),
            Option.value("kubeconfig-out", "", "further file for the administrator's kubeconfig"),
            Option.value("cluster-cidr", "10.244.0.0/16", "addresses of pods"),
            Option.value("service-cidr", "10.96.0.0/16", "addresses of services"),
            Option.value("cluster-domain", "cluster.local", "DNS domain"),
            Option.value("cluster-dns", "", "address of the DNS service (default: the tenth of the service network)"),
            Option.value("store", "embedded", "embedded"),
            Option.value(
                    "encryption-provider-config",
                    "",
                    "how values are encrypted that are stored (default: made at the first start)"),
            Option.value(
                    "etcd-compaction-interval", "5m0s", "how long history is kept (0s: until there is much of it)"),
            Option.value("event-ttl", "1h0m0s", "how long Events are kept (0s: for ever)"),
            Option.value("snapshot-every", "12h0m0s", "how often a snapshot is made (0s: never)"),
            Option.value("snapshot-keep", "5", "how many of these are kept"),
            Option.value("snapshot-dir", "", "where they go (default: snapshots in the data-dir)"),
            Option.value("authentication-config", "", "whose tokens are recognised (AuthenticationConfiguration)"),
            Option.value("authentication-token-webhook-config-file", "", "kubeconfig of a service that knows tokens"),
            Option.value("authentication-token-webhook-version", "v1", "of the TokenReviews it is asked with"),
            Option.value("authentication-token-webhook-cache-seconds", "120", "how long its answers count"),
            Option.value("anonymous-auth", "true", "whether somebody without credentials is somebody"),
            Option.value("requestheader-client-ca-file", "", "authorities of a proxy that says in headers who calls"),
            Option.value(
                    "proxy-client-cert-file", "", "what extension API servers are shown (PEM; default: made here)"),
            Option.value("proxy-client-key-file", "", "its key"),
            Option.list("requestheader-allowed-names", "common names of its certificate (default: any)"),
            Option.list("requestheader-username-headers", "its headers with the user's name"),
            Option.list("requestheader-uid-headers", "its headers with the user's uid"),
            Option.list("requestheader-group-headers", "its headers with groups"),
            Option.list("requestheader-extra-headers-prefix", "how its headers with further attributes begin"),
            Option.value("token-auth-file", "", "tokens that never change, lines of token,user,uid,\"groups\""),
            Option.list("authorization-mode", "who says what callers may do, in order (default: Node,RBAC)"),
            Option.value("authorization-config", "", "the same as a file (AuthorizationConfiguration)"),
            Option.value("authorization-webhook-config-file", "", "kubeconfig of a service that says it (Webhook)"),
            Option.value("authorization-webhook-version", "v1beta1", "of the SubjectAccessReviews it is asked with"),
            Option.value("authorization-webhook-cache-authorized-ttl", "5m0s", "how long its permissions count"),
            Option.value("authorization-webhook-cache-unauthorized-ttl", "30s", "how long its refusals count"),
            Option.value("tracing-config-file", "", "who is sent traces of calls (TracingConfiguration)"),
            Option.list("enable-admission-plugins", "admission plugins to use besides those that are on"),
            Option.list("disable-admission-plugins", "admission plugins not to use"),
            Option.value("admission-control-config-file", "", "how admission plugins work (AdmissionConfiguration)"),
            Option.list("controllers", "'*' all, 'foo' that one, '-foo' all but that one, '-*' no others (default: *)"),
            Option.secret("token", "token that counts as administrator"),
            Option.value("token-file", "", "file that holds such a token"),
            Option.value(
                    "service-account-max-token-expiration",
                    "0s",
                    "how long tokens of accounts may live (0s: as asked)"),
            Option.value("enable-priority-and-fairness", "true", "whether calls wait in queues of their flows"),
            Option.value("max-requests-inflight", "400", "calls that read, at a time"),
            Option.value("max-mutating-requests-inflight", "200", "calls that change something, at a time"),
            Option.flag("profiling", "serve /debug/flags/v, by which those who may change how much is logged"),
            Option.value("hollow-nodes", "0", "further nodes that only say they run pods"),
            Option.value("hollow-start-ms", "50-500", "how long their pods take to be ready"),
            Option.value("hollow-run-ms", "1000", "how long their pods run that are to end"),
            Option.value("hollow-failures", "0", "share of their pods that fail, from 0 to 1"));

    public static final List<Option> DECLARED = Stream.of(
                    OWN,
                    AuditOptions.DECLARED,
                    Listening.PLANE_OPTIONS,
                    Listening.NETWORK_OPTIONS,
                    LogOptions.DECLARED,
                    Lookout.DECLARED,
                    NodeOptions.DECLARED)
            .flatMap(List::stream)
            .toList();

    private final Options options;

    private ServerOptions(Options options) {
        this.options = options;
    }

    /// @param host whose name and address are the node's unless options say otherwise
    /// @throws Options.UsageException when an option cannot be what it is
    public static ServerConfig read(Options options, Host host) {
        return new ServerOptions(options).read(host);
    }

    private ServerConfig read(Host host) {
        options.withoutArguments();
        if (!options.string("store").equals("embedded"))
            throw new Options.UsageException(
                    "--store " + options.string("store") + ": this build has the embedded store only");
        var network = network();
        var own = new NodeOptions(options, host);
        var node = new ServerConfig.Node(
                !options.flag("no-node"),
                own.name(),
                own.address(),
                options.integer("registry-port"),
                own.manifests(),
                own.hardening(),
                own.eviction(),
                own.shutdown(),
                own.resources());
        return new ServerConfig(
                Path.of(options.string("data-dir")).toAbsolutePath(),
                serving(node),
                network,
                node,
                encryption(),
                keeping(),
                authentication(),
                authorization(),
                traffic(),
                new ServerConfig.HollowNodes(options.integer("hollow-nodes"), behaviour()),
                new ServerConfig.Admission(
                        options.names("enable-admission-plugins"),
                        options.names("disable-admission-plugins"),
                        AdmissionConfiguration.of(options.string("admission-control-config-file"))),
                new ServerConfig.ControllerSelection(options.names("controllers")),
                AuditOptions.read(options),
                tracing(),
                new ServerConfig.Introspection(
                        options.told(),
                        options.flag("profiling"),
                        Listening.Plane.of(options, options.string("bind-address")),
                        Listening.Proxy.of(options),
                        Listening.Network.of(options, node.address())));
    }

    private Optional<TracingConfiguration> tracing() {
        var file = options.string("tracing-config-file");
        if (file.isEmpty()) return Optional.empty();
        if (!Files.exists(Path.of(file)))
            throw new Options.UsageException("tracing-config-file " + file + " does not exist");
        try {
            return Optional.of(TracingConfiguration.read(ConfigurationReader.text(Path.of(file))));
        } catch (IOException | ConfigurationException e) {
            throw new Options.UsageException("--tracing-config-file " + file + ": " + e.getMessage());
        }
    }

    private ServerConfig.Serving serving(ServerConfig.Node node) {
        return new ServerConfig.Serving(
                options.integer("port"),
                options.string("bind-address"),
                options.string("advertise-address", node.address()),
                options.strings("tls-san"),
                options.stringOrFile("token"),
                longestToken(),
                options.string("kubeconfig-out"));
    }

    private ApiServerParts.Traffic traffic() {
        int reading = options.integer("max-requests-inflight");
        int mutating = options.integer("max-mutating-requests-inflight");
        if (reading < 0) throw new Options.UsageException("--max-requests-inflight can not be negative value");
        if (mutating < 0)
            throw new Options.UsageException("--max-mutating-requests-inflight can not be negative value");
        boolean fair = !options.string("enable-priority-and-fairness").equals("false");
        if (fair && reading + mutating == 0)
            throw new Options.UsageException(
                    "--max-requests-inflight and --max-mutating-requests-inflight can not both be 0 with priority and fairness");
        return new ApiServerParts.Traffic(fair, reading, mutating);
    }

    private ServerConfig.Authentication authentication() {
        var configuration = options.string("authentication-config");
        var tokens = options.string("token-auth-file");
        var webhook = options.string("authentication-token-webhook-config-file");
        try {
            return new ServerConfig.Authentication(
                    configuration.isEmpty() ? Optional.empty() : Optional.of(Path.of(configuration)),
                    tokens.isEmpty() ? List.of() : List.of(TokenFile.read(Path.of(tokens))),
                    webhook.isEmpty() ? Optional.empty() : Optional.of(Path.of(webhook)),
                    options.string("authentication-token-webhook-version"),
                    Duration.ofSeconds(options.integer("authentication-token-webhook-cache-seconds")),
                    !options.string("anonymous-auth").equals("false"),
                    frontProxy());
        } catch (IOException | ConfigurationException e) {
            throw new Options.UsageException("--token-auth-file: " + e.getMessage());
        }
    }

    private ConfiguredAuthorizers.Sources authorization() {
        var file = options.string("authorization-config");
        var webhook = options.string("authorization-webhook-config-file");
        var flags = new AuthorizationFlags(
                options.names("authorization-mode"),
                webhook.isEmpty() ? Optional.empty() : Optional.of(Path.of(webhook)),
                options.string("authorization-webhook-version"),
                length("authorization-webhook-cache-authorized-ttl"),
                length("authorization-webhook-cache-unauthorized-ttl"));
        if (file.isEmpty()) {
            try {
                flags.configured();
            } catch (ConfigurationException e) {
                throw new Options.UsageException(String.valueOf(e.getMessage()));
            }
            return new ConfiguredAuthorizers.Sources(Optional.empty(), flags);
        }
        for (var option : DECLARED)
            if (option.name().matches("authorization-(mode|webhook-.*)") && options.given(option.name()))
                throw new Options.UsageException("--authorization-config can not be specified when"
                        + " --authorization-mode or --authorization-webhook-* flags are defined");
        return new ConfiguredAuthorizers.Sources(Optional.of(Path.of(file)), flags);
    }

    private Duration length(String name) {
        try {
            return GoDuration.parse(options.string(name));
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException("invalid argument " + GoText.quoted(options.string(name)) + " for \"--"
                    + name + "\" flag: " + e.getMessage());
        }
    }

    private ServerConfig.Keeping keeping() {
        return new ServerConfig.Keeping(lasting("etcd-compaction-interval"), lasting("event-ttl"), snapshots());
    }

    private SnapshotSchedule.Plan snapshots() {
        int keep = options.integer("snapshot-keep");
        if (keep < 1) throw new Options.UsageException("--snapshot-keep must be at least 1");
        var every = lasting("snapshot-every");
        if (!every.isZero() && every.compareTo(SnapshotSchedule.SHORTEST) < 0)
            throw new Options.UsageException("--snapshot-every must be 0s or at least 1m0s");
        var folder = options.string("snapshot-dir");
        return new SnapshotSchedule.Plan(
                folder.isEmpty()
                        ? Path.of(options.string("data-dir"), "snapshots").toAbsolutePath()
                        : Path.of(folder).toAbsolutePath(),
                every,
                keep);
    }

    private Duration lasting(String name) {
        var time = length(name);
        if (time.isNegative()) throw new Options.UsageException("--" + name + " must not be negative");
        return time;
    }

    private FrontProxyConfig frontProxy() {
        var file = options.string("requestheader-client-ca-file");
        return new FrontProxyConfig(
                file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)),
                new FrontProxy(
                        options.names("requestheader-allowed-names"),
                        options.names("requestheader-username-headers"),
                        options.names("requestheader-uid-headers"),
                        options.names("requestheader-group-headers"),
                        options.names("requestheader-extra-headers-prefix")),
                proxyClient());
    }

    private Optional<FrontProxyConfig.Shown> proxyClient() {
        var certificate = options.string("proxy-client-cert-file");
        var key = options.string("proxy-client-key-file");
        if (certificate.isEmpty() != key.isEmpty())
            throw new Options.UsageException(
                    "--proxy-client-cert-file and --proxy-client-key-file must be specified together");
        return certificate.isEmpty()
                ? Optional.empty()
                : Optional.of(new FrontProxyConfig.Shown(Path.of(certificate), Path.of(key)));
    }

    private Path encryption() {
        var file = options.string("encryption-provider-config");
        return file.isEmpty()
                ? Path.of(options.string("data-dir"), "encryption.yaml").toAbsolutePath()
                : Path.of(file);
    }

    /// As kube-apiserver has it: from an hour to 2^32 seconds.
    private Duration longestToken() {
        var name = "service-account-max-token-expiration";
        var text = options.string(name);
        var digits = text.replaceAll("[smh]$", "");
        if (!digits.matches("[0-9]{1,10}") || text.equals(digits))
            throw new Options.UsageException("--" + name + " must be such as 0s or 24h, not " + text);
        var unit = switch (text.charAt(text.length() - 1)) {
            case 's' -> ChronoUnit.SECONDS;
            case 'm' -> ChronoUnit.MINUTES;
            default -> ChronoUnit.HOURS;
        };
        var longest = Duration.of(Long.parseLong(digits), unit);
        if (!longest.isZero()
                && (longest.compareTo(Duration.ofHours(1)) < 0 || longest.compareTo(Duration.ofSeconds(1L << 32)) > 0))
            throw new Options.UsageException("--" + name + " must be from 1 hour to 2^32 seconds, not " + text);
        return longest;
    }

    private ServerConfig.Network network() {
        var services = cidr("service-cidr");
        return new ServerConfig.Network(
                cidr("cluster-cidr"),
                services,
                options.string("cluster-domain"),
                options.string("cluster-dns", ServerConfig.Network.address(services, 10)));
    }

    private String cidr(String name) {
        var value = options.string(name);
        if (!value.matches("\\d+\\.\\d+\\.\\d+\\.\\d+/\\d+"))
            throw new Options.UsageException(
                    "--" + name + " must be an IPv4 network such as 10.96.0.0/16, not " + value);
        return value;
    }

    private Behaviour behaviour() {
        var start = options.string("hollow-start-ms");
        var failures = options.string("hollow-failures");
        if (!start.matches("[0-9]{1,7}(-[0-9]{1,7})?"))
            throw new Options.UsageException("--hollow-start-ms must be such as 50 or 50-500, not " + start);
        if (!failures.matches("0|1|0?\\.[0-9]+"))
            throw new Options.UsageException("--hollow-failures must be from 0 to 1, not " + failures);
        var ends = start.split("-");
        return new Behaviour(
                Duration.ofMillis(Integer.parseInt(ends[0])),
                Duration.ofMillis(Integer.parseInt(ends[ends.length - 1])),
                Duration.ofMillis(options.integer("hollow-run-ms")),
                Double.parseDouble(failures));
    }
}
