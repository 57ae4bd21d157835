package io.navarch.agent;

import io.navarch.client.Client;
import io.navarch.client.EventRecorder;
import io.navarch.client.Informer;
import io.navarch.cri.ContainerRuntime;
import io.navarch.http.HttpClient;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pods of one node: a worker each, fed by the API and by the runtime.
public final class NodeAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);

    /// As often as the kubelet lists.
    private static final long RELIST_MILLIS = 1000;

    private final AgentConfig config;
    private final Client client;
    private final ContainerRuntime runtime;
    private final HttpClient http;
    private final EventRecorder events;
    private final InstantSource clock;
    private final RuntimeCache cache;
    private final Images images;
    private final Volumes volumes;
    private final ContainerConfigs configs;
    private final Informer<View> pods;
    private final Informer<View> services;
    private final NodeReporter reporter;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
    private final TaskScope scope = new TaskScope();

    public NodeAgent(
            AgentConfig config,
            Client client,
            ContainerRuntime runtime,
            HttpClient http,
            Informer<View> services,
            InstantSource clock) {
        this.config = config;
        this.client = client;
        this.runtime = runtime;
        this.http = http;
        this.services = services;
        this.clock = clock;
        events = new EventRecorder(client, "kubelet", config.nodeName(), clock);
        cache = new RuntimeCache(runtime, clock);
        images = new Images(runtime, clock);
        volumes = new Volumes(config, client, clock);
        reporter = new NodeReporter(config, client, runtime, clock);
        configs = new ContainerConfigs(config, reporter.memory(), nameservers());
        pods = new Informer<>(
                client,
                Resources.PODS.untyped(),
                "fieldSelector=" + Client.encode("spec.nodeName=" + config.nodeName()));
    }

    private static List<String> nameservers() {
        try {
            return Files.readAllLines(Path.of("/etc/resolv.conf")).stream()
                    .filter(line -> line.startsWith("nameserver "))
                    .map(line -> line.substring("nameserver ".length()).strip())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /// Registers the node and starts to look after its pods.
    public void start() throws InterruptedException {
        events.start(scope);
        reporter.start(scope, events);
        cache.refresh();
        pods.onChange((old, now) -> changed(old, now));
        pods.start(scope);
        pods.awaitSync();
        services.awaitSync();
        removeOrphans();
        scope.every("runtime-relist", RELIST_MILLIS, () -> {
            for (var uid : cache.refresh()) {
                var worker = workers.get(uid);
                if (worker != null) worker.wake();
            }
        });
        scope.every("orphans", 10_000, this::removeOrphans);
    }

    private void changed(View old, View now) {
        var object = now.exists() ? now : old;
        var worker = workers.get(object.uid());
        if (worker != null) {
            worker.update(now);
            return;
        }
        if (!now.exists()) return;
        var made = new PodWorker(this, now);
        workers.put(now.uid(), made);
        scope.start("pod-" + now.name(), made::run);
    }

    /// What the runtime has of pods that the API no longer knows: they were deleted while this agent was away.
    private void removeOrphans() {
        for (var uid : cache.pods()) {
            if (workers.containsKey(uid)) continue;
            var state = cache.state(uid);
            LOG.info("removing what is left of pod {}", uid);
            for (var container : state.containers()) {
                if (container.running()) runtime.stopContainer(container.id(), 0);
                runtime.removeContainer(container.id());
            }
            for (var box : state.sandboxes()) {
                runtime.stopPodSandbox(box.id());
                runtime.removePodSandbox(box.id());
            }
            volumes.remove(uid);
        }
    }

    AgentConfig config() {
        return config;
    }

    Client client() {
        return client;
    }

    ContainerRuntime runtime() {
        return runtime;
    }

    HttpClient http() {
        return http;
    }

    EventRecorder events() {
        return events;
    }

    InstantSource clock() {
        return clock;
    }

    Images images() {
        return images;
    }

    Volumes volumes() {
        return volumes;
    }

    ContainerConfigs configs() {
        return configs;
    }

    View allocatable() {
        return reporter.allocatable();
    }

    Collection<View> services() {
        return services.all();
    }

    RuntimeState state(String uid) {
        return cache.state(uid);
    }

    void refresh() {
        for (var uid : cache.refresh()) {
            var worker = workers.get(uid);
            if (worker != null) worker.wake();
        }
    }

    void forget(String uid) {
        workers.remove(uid);
    }

    Collection<PodWorker> workers() {
        return workers.values();
    }

    /// The pod by namespace and name, absent when it is not on this node.
    View pod(String namespace, String name) {
        for (var worker : workers.values()) {
            if (worker.pod().namespace().equals(namespace)
                    && worker.pod().name().equals(name)) return worker.pod();
        }
        return View.of(null);
    }

    /// Logs and cgroups of a pod that is gone.
    void removeRemains(View pod) {
        try {
            delete(Path.of(ContainerConfigs.logDirectory(config, pod)));
            var cgroup = ContainerConfigs.cgroup(pod);
            var root = Path.of("/sys/fs/cgroup");
            if (!Files.isDirectory(root)) return;
            try (var hierarchies = Files.list(root)) {
                for (var hierarchy : hierarchies.toList()) removeCgroup(Path.of(hierarchy + cgroup));
            }
            removeCgroup(Path.of(root + cgroup));
        } catch (IOException e) {
            LOG.debug("{}: {}", pod.key(), e.getMessage());
        }
    }

    private static void removeCgroup(Path path) throws IOException {
        if (!Files.isDirectory(path)) return;
        try (var children = Files.list(path)) {
            for (var child : children.filter(Files::isDirectory).toList()) removeCgroup(child);
        }
        Files.deleteIfExists(path);
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) return;
        try (var walk = Files.walk(path)) {
            for (var each : walk.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        }
    }

    Path logFile(View pod, String container, int attempt) {
        return Path.of(ContainerConfigs.logDirectory(config, pod), container, attempt + ".log");
    }

    String lastLogLines(View pod, RuntimeState.Container container) throws IOException {
        var out = new ByteArrayOutputStream();
        try {
            ContainerLogs.copy(
                    logFile(pod, container.name(), container.attempt()),
                    new ContainerLogs.Request(false, false, 80, 2048, null, ""),
                    out,
                    () -> false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /// Leaves pods running; the next agent finds them.
    @Override
    public void close() {
        scope.close();
        runtime.close();
    }
}
