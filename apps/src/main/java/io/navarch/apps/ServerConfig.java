package io.navarch.apps;

import io.navarch.hollow.Behaviour;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The options of `navarch server`, read and checked.
public record ServerConfig(
        Path dataDirectory,
        int port,
        String bindAddress,
        String advertiseAddress,
        List<String> tlsNames,
        String kubeconfigOut,
        String clusterCidr,
        String serviceCidr,
        String clusterDomain,
        String clusterDns,
        String nodeName,
        String nodeAddress,
        String store,
        String token,
        boolean node,
        int hollowNodes,
        Behaviour hollow,
        List<String> enabledPlugins,
        List<String> disabledPlugins,
        AdmissionConfiguration admission) {

    public static final List<Option> OPTIONS = List.of(
            Option.flag("no-node", "run the control plane only"),
            Option.value("data-dir", "/var/lib/navarch", "everything that is kept"),
            Option.value("port", "6443", "of the API"),
            Option.value("bind-address", "0.0.0.0", "to listen on"),
            Option.value("advertise-address", "", "that pods and nodes reach the API at (default: the node's)"),
            Option.list("tls-san", "further names of the API's certificate"),
            Option.value("kubeconfig-out", "", "further file for the administrator's kubeconfig"),
            Option.value("cluster-cidr", "10.244.0.0/16", "addresses of pods"),
            Option.value("service-cidr", "10.96.0.0/16", "addresses of services"),
            Option.value("cluster-domain", "cluster.local", "DNS domain"),
            Option.value("cluster-dns", "", "address of the DNS service (default: the tenth of the service network)"),
            Option.value("node-name", "", "default: the host's name"),
            Option.value("node-ip", "", "default: the first address of the host"),
            Option.value("store", "embedded", "embedded"),
            Option.list("enable-admission-plugins", "admission plugins to use besides those that are on"),
            Option.list("disable-admission-plugins", "admission plugins not to use"),
            Option.value("admission-control-config-file", "", "how admission plugins work (AdmissionConfiguration)"),
            Option.value("token", "", "token that counts as administrator"),
            Option.value("hollow-nodes", "0", "further nodes that only say they run pods"),
            Option.value("hollow-start-ms", "50-500", "how long their pods take to be ready"),
            Option.value("hollow-run-ms", "1000", "how long their pods run that are to end"),
            Option.value("hollow-failures", "0", "share of their pods that fail, from 0 to 1"),
            Option.flag("verbose", "log more"));

    public static ServerConfig of(Options options) {
        if (!options.positional().isEmpty())
            throw new Options.UsageException(
                    "unexpected argument " + options.positional().getFirst());
        if (!options.string("store").equals("embedded")) {
            throw new Options.UsageException(
                    "--store " + options.string("store") + ": this build has the embedded store only");
        }
        for (var cidr : List.of("cluster-cidr", "service-cidr")) {
            if (!options.string(cidr).matches("\\d+\\.\\d+\\.\\d+\\.\\d+/\\d+")) {
                throw new Options.UsageException(
                        "--" + cidr + " must be an IPv4 network such as 10.96.0.0/16, not " + options.string(cidr));
            }
        }
        var address = options.string("node-ip").isEmpty() ? hostAddress() : options.string("node-ip");
        var services = options.string("service-cidr");
        return new ServerConfig(
                Path.of(options.string("data-dir")).toAbsolutePath(),
                options.integer("port"),
                options.string("bind-address"),
                options.string("advertise-address").isEmpty() ? address : options.string("advertise-address"),
                options.strings("tls-san"),
                options.string("kubeconfig-out"),
                options.string("cluster-cidr"),
                services,
                options.string("cluster-domain"),
                options.string("cluster-dns").isEmpty() ? nth(services, 10) : options.string("cluster-dns"),
                options.string("node-name").isEmpty() ? hostName() : options.string("node-name"),
                address,
                options.string("store"),
                options.string("token"),
                !options.flag("no-node"),
                options.integer("hollow-nodes"),
                hollow(options),
                commas(options.strings("enable-admission-plugins")),
                commas(options.strings("disable-admission-plugins")),
                AdmissionConfiguration.of(options.string("admission-control-config-file")));
    }

    private static Behaviour hollow(Options options) {
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

    String firstServiceAddress() {
        return nth(serviceCidr, 1);
    }

    private static String nth(String cidr, int offset) {
        var parts = cidr.split("/")[0].split("\\.");
        long number = 0;
        for (var part : parts) number = number << 8 | Integer.parseInt(part);
        number += offset;
        return (number >> 24 & 255) + "." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
    }

    /// `--flag a,b --flag c` is three.
    private static List<String> commas(List<String> values) {
        return values.stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            return "node";
        }
    }

    private static String hostAddress() {
        try {
            var candidates = new ArrayList<String>();
            for (var device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (device.isLoopback()
                        || !device.isUp()
                        || device.getName().startsWith("nav")
                        || device.getName().startsWith("veth")) continue;
                for (var address : Collections.list(device.getInetAddresses())) {
                    if (address instanceof Inet4Address) candidates.add(address.getHostAddress());
                }
            }
            return candidates.isEmpty() ? "127.0.0.1" : candidates.getFirst();
        } catch (SocketException e) {
            return "127.0.0.1";
        }
    }

    List<String> serverNames() {
        var names = new ArrayList<>(List.of(
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc." + clusterDomain,
                "localhost",
                nodeName,
                "127.0.0.1",
                firstServiceAddress(),
                advertiseAddress));
        if (!names.contains(nodeAddress)) names.add(nodeAddress);
        names.addAll(tlsNames);
        return names;
    }
}
