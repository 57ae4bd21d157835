package io.navarch.resourcemetrics;

import io.navarch.client.Caches;
import io.navarch.client.Client;
import io.navarch.model.Container;
import io.navarch.model.Node;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks every node what it and its containers take. Nodes are believed of their own pods only, and only so much.
final class Scraper {
    private static final Logger LOG = LoggerFactory.getLogger(Scraper.class);

    /// With one node, and with all of them.
    record Patience(Duration each, Duration all) {
        static final Patience USUAL = new Patience(Duration.ofSeconds(3), Duration.ofSeconds(10));
    }

    private static final int AT_ONCE = 16;
    private static final int MOST_BYTES = 4 << 20;

    /// What all nodes have said that have answered.
    record Round(Map<String, Reading> nodes, Map<ObjectKey, Map<String, Reading>> pods) {}

    private final Client client;
    private final Caches caches;
    private final InstantSource clock;
    private final Patience patience;
    /// Those that did not answer when they were asked last.
    private Set<String> silent = Set.of();

    /// @param client as somebody who may ask nodes through the API
    Scraper(Client client, Caches caches, InstantSource clock, Patience patience) {
        this.client = client;
        this.caches = caches;
        this.clock = clock;
        this.patience = patience;
    }

    Round round() throws InterruptedException {
        // Whoever is not there holds up only others of his kind.
        var nodes = caches.of(Resources.NODES).all().stream()
                .filter(node ->
                        node.status().daemonEndpoints().kubeletEndpoint().Port() > 0)
                .map(Node::name)
                .sorted(Comparator.comparing(silent::contains))
                .toList();
        long end = System.nanoTime() + patience.all.toNanos();
        var turns = new Semaphore(AT_ONCE);
        var asked = new LinkedHashMap<String, Future<NodeReadings>>();
        var round = new Round(new HashMap<>(), new HashMap<>());
        var failed = new HashSet<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var node : nodes) {
                if (!turns.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) break;
                asked.put(node, threads.submit(() -> inTime(threads, turns, node)));
            }
            for (var each : asked.entrySet()) {
                var readings = answer(each.getKey(), each.getValue());
                readings.ifPresentOrElse(said -> add(round, each.getKey(), said), () -> failed.add(each.getKey()));
            }
        }
        silent = failed;
        return round;
    }

    private NodeReadings inTime(ExecutorService threads, Semaphore turns, String node)
            throws InterruptedException, ExecutionException, TimeoutException {
        var answer = threads.submit(() -> ask(node));
        try {
            return answer.get(patience.each.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            answer.cancel(true);
            turns.release();
        }
    }

    private NodeReadings ask(String node) throws IOException {
        var uri = Resources.NODES.path("", node, "proxy") + "/metrics/resource";
        try (var response = client.stream("GET", uri)) {
            var bytes = response.body().readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) throw new IOException("more than " + MOST_BYTES + " bytes");
            return NodeReadings.parse(new String(bytes, StandardCharsets.UTF_8), clock.instant());
        }
    }

    /// What a node has said; nothing when anything at all went wrong: it is the node's affair, and no other's.
    static Optional<NodeReadings> answer(String node, Future<NodeReadings> answer) throws InterruptedException {
        try {
            return Optional.of(answer.get());
        } catch (ExecutionException e) {
            LOG.debug("node {} does not say what it takes: {}", node, String.valueOf(e.getCause()));
            return Optional.empty();
        }
    }

    private void add(Round round, String node, NodeReadings readings) {
        readings.node().ifPresent(reading -> round.nodes.put(node, reading));
        readings.pods().forEach((key, containers) -> pod(round, node, key, containers));
    }

    private void pod(Round round, String node, ObjectKey key, Map<String, Reading> containers) {
        var spec = caches.of(Resources.PODS).get(key).spec();
        if (!spec.nodeName().equals(node)) return;
        var known = Stream.concat(spec.containers().stream(), spec.initContainers().stream())
                .map(Container::name)
                .collect(Collectors.toSet());
        var own = new HashMap<>(containers);
        own.keySet().retainAll(known);
        round.pods.put(key, own);
    }
}
