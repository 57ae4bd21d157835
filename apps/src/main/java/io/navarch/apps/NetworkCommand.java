package io.navarch.apps;

import io.navarch.apps.endpoints.Listening;
import io.navarch.apps.usage.Usage;
import io.navarch.bootstrap.NodeObjects;
import io.navarch.cli.KubeconfigClient;
import io.navarch.client.Informers;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.join.ClusterNetwork;
import io.navarch.pki.Pki;
import io.navarch.process.LogOptions;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/// `navarch network`: DNS and ingress of a cluster in a process of their own, until a signal comes. Whoever it calls
/// the API as needs what the role `navarch:network` permits.
final class NetworkCommand {
    private static final List<Option> OWN = List.of(
            Option.value("kubeconfig", "", "of the user navarch:network, from navarch user create"),
            Option.value("data-dir", "/var/lib/navarch-network", "everything that is kept"),
            Option.value("node-ip", "", "of this machine, at which pods reach it (default: its first address)"));

    static final List<Option> DECLARED = Stream.of(
                    OWN, Listening.NETWORK_OPTIONS, LogOptions.DECLARED, Lookout.DECLARED)
            .flatMap(List::stream)
            .toList();

    static final Usage USAGE = Usage.of(
            "network",
            "DNS and ingress in a process of their own, in the foreground",
            List.of(Usage.line("network --kubeconfig FILE [OPTIONS]", "")),
            List.of(Usage.line(
                    "navarch user create navarch:network --out network.kubeconfig", "whom it calls the API as")),
            DECLARED);

    private NetworkCommand() {}

    static int run(List<String> arguments, Map<String, String> environment) throws IOException, InterruptedException {
        var options = read(arguments, environment);
        var logging = LogOptions.read(options);
        Logs.configure(logging, Lookout.log(options));
        var data = Path.of(options.string("data-dir")).toAbsolutePath();
        DataDirectory.prepare(data);
        // Of this machine alone: nobody but those who visit the ingress sees it.
        var certificates = new LiveCertificates(new Pki(
                data.resolve("pki"),
                InstantSource.system(),
                task -> Thread.ofPlatform().daemon().name("keys").start(task)));
        try (var signals = new Signals();
                var scope = new TaskScope();
                var eventLoops = new EventLoops(2);
                var lookout = Lookout.of(options, environment)) {
            var client = KubeconfigClient.open(Path.of(options.string("kubeconfig")), eventLoops);
            var cluster = ClusterNetwork.of(client);
            var place = new ClusterServices.Place(
                    options.string("node-ip", Host.local().address()),
                    cluster.domain(),
                    cluster.dnsAddress(),
                    List.of(cluster.podCidr(), cluster.serviceCidr()));
            var told = Listening.Network.of(options, place.address());
            SpareHeap.start(scope);
            certificates.start(scope);
            var caches = new Informers(client);
            try (var services = new ClusterServices(place, eventLoops, client, caches, certificates.shown(), told)) {
                caches.start(scope);
                // Pods ask here once there is somebody to answer.
                new NodeObjects(client)
                        .dnsService(
                                place.dnsAddress(),
                                place.address(),
                                new NodeObjects.DnsPorts(
                                        ClusterServices.DNS_PORT, told.dns().port()));
                var serving = "answers for " + place.domain() + " at " + place.address();
                LoggerFactory.getLogger(NetworkCommand.class).info(serving);
                lookout.start(new OwnCall(
                        new HttpClient(eventLoops, Duration.ofSeconds(2)),
                        HttpClient.Target.plain("127.0.0.1", ClusterServices.HTTP_PORT),
                        "/"));
                lookout.ready(serving);
                signals.await();
            }
        }
        return 0;
    }

    static Options read(List<String> arguments, Map<String, String> environment) {
        var options = Options.parse(DECLARED, arguments, environment).withoutArguments();
        if (options.string("kubeconfig").isEmpty())
            throw new Options.UsageException(
                    "--kubeconfig is needed: navarch user create navarch:network --out FILE makes it");
        return options;
    }
}
