package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
import io.navarch.cli.AppliedPods;
import io.navarch.cli.IngressPage;
import io.navarch.cli.KubeconfigClient;
import io.navarch.cli.KubeconfigFile;
import io.navarch.cli.ManifestApplier;
import io.navarch.cli.TerminalText;
import io.navarch.client.Client;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.images.ImageSource;
import io.navarch.model.AnyObject;
import io.navarch.model.Ingress;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.process.PartState;
import io.navarch.process.TaskScope;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// `navarch up`: starts a cluster in the background, applies the manifests given, and returns once they serve.
public final class UpCommand {
    private static final String LEASES = "kube-node-lease";

    /// So much of a page is read.
    private static final int PAGE = 64 << 10;

    private static final Pattern HEADING = Pattern.compile("<h1>([^<\n]*)");

    private static final List<Option> OPTIONS = List.of(
            Option.list("f", "file or directory with manifests; images/ in it has recipes of images"),
            Option.value("nodes", "1", "number of nodes"),
            Option.value("data-dir", "/var/lib/navarch", "everything that is kept"),
            Option.value("port", "6443", "of the API"),
            Option.value("wait", "120s", "how long to wait for each step"));

    public static final Usage USAGE = Usage.of(
            "up",
            "starts a cluster on this machine, or what is missing of it",
            List.of(Usage.line("up [OPTIONS]", "applies manifests, if there are any, and waits until they run")),
            List.of(
                    Usage.line("navarch up", "a cluster of one node; its kubeconfig goes to ~/.kube/config"),
                    Usage.line("navarch up -f examples/web", "with the images and objects in a folder"),
                    Usage.line("navarch up --data-dir /srv/two --port 7443", "a second one beside it")),
            OPTIONS);

    /// Programs that a node needs, and the Debian packages they come in.
    private static final Map<String, String> NEEDED = new TreeMap<>(Map.of(
            "/usr/bin/containerd", "containerd",
            "/usr/sbin/runc", "runc",
            "/usr/lib/cni/bridge", "containernetworking-plugins",
            "/usr/sbin/nft", "nftables",
            "/usr/sbin/ip", "iproute2",
            "/usr/bin/busybox", "busybox-static"));

    private final Options options;
    private final Cluster cluster;
    private final Progress progress = new Progress(System.out);
    private final Duration limit;
    /// Whether the cluster is there because of this call.
    private boolean started;
    private Instant began = Instant.EPOCH;

    private UpCommand(Options options) {
        this.options = options;
        cluster = new Cluster(Path.of(options.string("data-dir")).toAbsolutePath());
        limit = Duration.ofSeconds(Long.parseLong(options.string("wait").replaceAll("s$", "")));
    }

    public static int run(List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        Logs.configure();
        var options = Options.parse(OPTIONS, arguments, environment).withoutArguments();
        if (options.integer("nodes") != 1)
            throw new Options.UsageException("--nodes " + options.string("nodes") + ": this build runs one node");
        new UpCommand(options).run();
        return 0;
    }

    private void run() throws IOException, InterruptedException {
        if (!System.getProperty("user.name").equals("root"))
            throw new IOException("must run as root: containers, networks and ports below 1024 need it");
        var manifests = new ArrayList<Map<String, Object>>();
        var sources = new ArrayList<ImageSource>();
        for (var path : options.strings("f")) {
            manifests.addAll(ManifestApplier.read(Path.of(path)));
            sources.addAll(MadeImages.sources(Path.of(path)));
        }
        install();
        began = InstantSource.system().instant();
        started = startServer();
        try (var eventLoops = new EventLoops(1)) {
            var client = waitAnswer(eventLoops);
            try {
                finish(client, eventLoops, manifests, sources);
            } catch (IOException | RuntimeException e) {
                throw new IOException(e.getMessage() + "\n" + left(), e);
            }
        }
    }

    /// Whoever wants to know why can look: what runs is left as it is.
    private String left() {
        return "  the cluster is left running: mend what is wrong and call `navarch up` again, or stop it with"
                + " `navarch down"
                + (Cluster.isUsual(cluster.directory()) ? "`" : " --data-dir " + cluster.directory() + "`");
    }

    private Client waitAnswer(EventLoops eventLoops) throws IOException, InterruptedException {
        try {
            await("kubeconfig", () -> Files.exists(cluster.kubeconfig()) ? "" : "not written yet");
            var client = KubeconfigClient.open(cluster.kubeconfig(), eventLoops);
            await("answer of the API", () -> {
                try (var response = client.stream("GET", "/readyz")) {
                    return response.status() == 200 ? "" : "not ready";
                }
            });
            progress.done("the API answers");
            return client;
        } catch (IOException | RuntimeException e) {
            // There is nothing to look at but its log: what this call started is not left behind.
            if (started) new DownCommand(cluster).stop();
            throw e;
        }
    }

    private void finish(
            Client client, EventLoops eventLoops, List<Map<String, Object>> manifests, List<ImageSource> sources)
            throws IOException, InterruptedException {
        KubeconfigFile.merge(
                Cluster.userKubeconfig(),
                View.of(Yaml.parse(Files.readString(cluster.kubeconfig()))).map());
        waitNode(client);
        images(manifests, sources);
        var applied = apply(client, manifests);
        var lines = new ArrayList<String>(pages(eventLoops, applied));
        lines.add("kubeconfig: " + cluster.kubeconfig() + " (also context \"navarch\" in " + Cluster.userKubeconfig()
                + ")");
        lines.add("next:       kubectl get pods -o wide");
        applied.stream()
                .filter(each -> each.type().equals(Resources.DEPLOYMENTS))
                .findFirst()
                .ifPresent(each -> lines.add(
                        "            kubectl scale deployment " + each.object().name() + " --replicas=5"));
        lines.add("            ./navarch status      ./navarch down      ./navarch down --purge");
        System.out.println();
        lines.forEach(System.out::println);
    }

    private void install() throws IOException, InterruptedException {
        var missing = new ArrayList<String>();
        NEEDED.forEach((file, name) -> {
            if (!Files.exists(Path.of(file)) && !Files.exists(Path.of(file.replaceFirst("^/usr", ""))))
                missing.add(name);
        });
        if (missing.isEmpty()) return;
        progress.step("installing " + String.join(", ", missing) + " with apt");
        var log = Files.createTempFile("navarch-apt", ".log").toFile();
        var command =
                "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "
                        + String.join(" ", missing);
        // Keeps packages from starting their services: we run a containerd of our own.
        var policy = Path.of("/usr/sbin/policy-rc.d");
        boolean own = !Files.exists(policy);
        if (own) {
            Files.writeString(policy, "#!/bin/sh\nexit 101\n");
            policy.toFile().setExecutable(true);
        }
        try {
            var process = new ProcessBuilder("sh", "-c", command)
                    .redirectErrorStream(true)
                    .redirectOutput(log)
                    .redirectInput(new File("/dev/null"))
                    .start();
            if (process.waitFor() != 0)
                throw new IOException(
                        "apt could not install " + String.join(", ", missing) + "; what it says is in " + log);
        } finally {
            if (own) Files.deleteIfExists(policy);
        }
        progress.done("installed");
    }

    /// Whether nothing ran before.
    private boolean startServer() throws IOException {
        var supervisor = cluster.supervisor();
        boolean runs = cluster.server().isPresent();
        var service = SystemdService.of(cluster.directory(), "server");
        if (service.isPresent()) {
            progress.step("systemd looks after the cluster in " + cluster.directory() + ": "
                    + service.get().name());
            service.get().start();
            return false;
        }
        if (supervisor.process().isPresent()) {
            supervisor.hurry();
            progress.step(
                    runs
                            ? "the cluster in " + cluster.directory() + " is running"
                            : "the server of " + cluster.directory() + " is started again: " + serverReport());
            return false;
        }
        if (runs)
            progress.step("the cluster in " + cluster.directory() + " is running; from now on somebody looks after it");
        else progress.step("starting the cluster, data in " + cluster.directory());
        Files.createDirectories(cluster.directory());
        supervisor.start(
                ServerProgram.command(List.of(
                        "server",
                        "--data-dir",
                        cluster.directory().toString(),
                        "--port",
                        options.string("port"),
                        "--log-file",
                        supervisor.log().toString(),
                        "--beat-file",
                        supervisor.beats().toString())),
                Cluster.mark("server"));
        return !runs;
    }

    private String serverReport() {
        return PartReport.of(cluster.server(), cluster.supervisor().state())
                .told(InstantSource.system().instant());
    }

    private interface Check {
        /// What is still missing; empty when nothing is.
        String missing() throws IOException;
    }

    private void await(String what, Check check) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        var last = "";
        while (true) {
            if (hopeless())
                throw new IOException("the server ended while waiting for " + what + ": " + serverReport() + " (log: "
                        + cluster.log() + ")");
            try {
                last = check.missing();
                if (last.isEmpty()) return;
            } catch (ApiException e) {
                last = e.getMessage();
            }
            if (System.nanoTime() > deadline)
                throw new IOException("no " + what + " within " + limit.toSeconds() + " s: " + last + " (log: "
                        + cluster.log() + ")");
            TaskScope.pause(50);
        }
    }

    /// Whether nobody starts the server again, or it has ended by itself in its first seconds: it would do so again.
    private boolean hopeless() {
        var state = cluster.supervisor().state();
        if (started
                && state.death()
                        .filter(death -> death.why().startsWith("exit code"))
                        .isPresent()) return true;
        if (cluster.server().isPresent() || state.phase() == PartState.Phase.UNKNOWN) return false;
        return state.phase() == PartState.Phase.REFUSED
                || cluster.supervisor().process().isEmpty();
    }

    private void waitNode(Client client) throws IOException, InterruptedException {
        await("ready node", () -> {
            var missing = "the node has not reported yet";
            for (var node : client.items(Resources.NODES, "", "")) {
                // What an earlier server has written of it does not count.
                if (!heard(client, node.name())) continue;
                var report = NodeReport.of(node);
                if (report.ready()) return "";
                missing = "the node is not ready: " + report.reason();
                progress.detail(missing);
            }
            return missing;
        });
        progress.done("the node is Ready");
    }

    /// Whether the node has said how it is since this call started it: it renews its lease after that.
    private boolean heard(Client client, String node) {
        if (!started) return true;
        return client.items(Resources.LEASES, LEASES, "").stream()
                .filter(lease -> lease.name().equals(node))
                .flatMap(lease -> lease.spec().renewTime().stream())
                .anyMatch(time -> !time.isBefore(began));
    }

    private void images(List<Map<String, Object>> manifests, List<ImageSource> sources) throws IOException {
        var made = new MadeImages(cluster, progress);
        for (var source : sources) made.make(source);
        manifests.forEach(made::stamp);
    }

    private List<ManifestApplier.Applied> apply(Client client, List<Map<String, Object>> manifests)
            throws IOException, InterruptedException {
        var applier = new ManifestApplier(client);
        var applied = new ArrayList<ManifestApplier.Applied>();
        if (manifests.isEmpty()) return applied;
        progress.step("applying " + String.join(", ", options.strings("f")));
        await(
                "service account",
                () -> client.find(Resources.SERVICE_ACCOUNTS, new ObjectKey("default", "default"))
                                .exists()
                        ? ""
                        : "the namespace has no service account yet");
        for (var manifest : manifests) {
            try {
                applied.add(applier.apply(manifest));
            } catch (ApiException e) {
                var object = new AnyObject(manifest);
                throw new IOException("cannot apply " + object.kind() + "/" + object.name() + ": " + e.getMessage(), e);
            }
            progress.detail(applied.getLast().title() + " applied");
        }
        var pods = new AppliedPods(client);
        for (var each : applied) rollOut(pods, each);
        progress.done("all is rolled out");
        return applied;
    }

    private void rollOut(AppliedPods pods, ManifestApplier.Applied applied) throws IOException, InterruptedException {
        try {
            await("rollout of " + applied.title(), () -> {
                var pending = pods.pending(applied);
                if (!pending.isEmpty()) progress.detail(applied.title() + ": " + pending);
                return pending;
            });
        } catch (IOException e) {
            if (hopeless()) throw e;
            throw new IOException(e.getMessage() + why(pods, applied), e);
        }
    }

    private static String why(AppliedPods pods, ManifestApplier.Applied applied) {
        try {
            var told = Failure.worthTelling(pods.troubles(applied)).stream()
                    .map(trouble -> new Failure.Told(trouble, pods.lastLines(trouble)))
                    .toList();
            return "\n" + String.join("\n", Failure.lines(told));
        } catch (ApiException e) {
            return "\n  what is wrong with its pods cannot be read: " + TerminalText.of(e.message());
        }
    }

    /// Waits for the pages of applied Ingresses, each with its host.
    ///
    /// @return what is told of them
    private List<String> pages(EventLoops eventLoops, List<ManifestApplier.Applied> applied)
            throws IOException, InterruptedException {
        var pages = applied.stream()
                .filter(each -> each.type().kind().equals("Ingress"))
                .flatMap(each -> IngressPage.of(Ingress.of(View.over(each.object()))).stream())
                .distinct()
                .toList();
        var http = new HttpClient(eventLoops, Duration.ofSeconds(2));
        var lines = new ArrayList<String>();
        for (var page : pages) {
            var title = new StringBuilder();
            await("page " + page.url() + " through the ingress", () -> missing(http, page, title));
            progress.done("the page comes through the Ingress: " + (title.isEmpty() ? page.url() : title));
            lines.add("%-12s".formatted(lines.isEmpty() ? "URL:" : "") + page.url() + unknown(page.host()));
        }
        return lines;
    }

    private static String missing(HttpClient http, IngressPage page, StringBuilder title) {
        var host = page.host().isEmpty() ? "localhost" : page.host();
        try (var response = http.send(
                HttpClient.Target.plain("127.0.0.1", 80),
                HttpClient.Request.of("GET", page.path(), List.of(Map.entry("host", host))),
                Duration.ofSeconds(5))) {
            var body = new String(response.body().readNBytes(PAGE), StandardCharsets.UTF_8);
            title.setLength(0);
            title.append(title(body));
            return IngressPage.missing(response.status(), body);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// What to do where this machine does not know a host.
    private static String unknown(String host) {
        if (host.isEmpty()) return "";
        try {
            var ignored = InetAddress.getByName(host);
            return "";
        } catch (UnknownHostException e) {
            return "  (this machine does not know the name: echo 127.0.0.1 " + host + " >>/etc/hosts)";
        }
    }

    private static String title(String page) {
        return HEADING.matcher(page)
                .results()
                .findFirst()
                .map(found -> TerminalText.of(found.group(1).strip()))
                .orElse("");
    }
}
