package io.navarch.resourcemetrics;

import io.navarch.client.Caches;
import io.navarch.client.Client;
import io.navarch.model.Container;
import io.navarch.model.Node;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks every node what it and its containers take. Nodes are believed of their own pods only, and only so much.
final class Scraper {
    private static final Logger LOG = LoggerFactory.getLogger(Scraper.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int AT_ONCE = 16;
    private static final int MOST_BYTES = 4 << 20;

    /// What all nodes have said that have answered.
    record Round(Map<String, Reading> nodes, Map<ObjectKey, Map<String, Reading>> pods) {}

    private final Client client;
    private final Caches caches;
    private final InstantSource clock;

    /// @param client as somebody who may ask nodes through the API
    Scraper(Client client, Caches caches, InstantSource clock) {
        this.client = client;
        this.caches = caches;
        this.clock = clock;
    }

    Round round() throws InterruptedException {
        var nodes = caches.of(Resources.NODES).all().stream()
                .filter(node ->
                        node.status().daemonEndpoints().kubeletEndpoint().Port() > 0)
                .map(Node::name)
                .toList();
        var turns = new Semaphore(AT_ONCE);
        var tasks = new ArrayList<Callable<NodeReadings>>();
        for (var node : nodes) tasks.add(() -> inTurn(turns, node));
        var round = new Round(new HashMap<>(), new HashMap<>());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(tasks, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            for (int i = 0; i < nodes.size(); i++) add(round, nodes.get(i), answers.get(i));
        }
        return round;
    }

    private NodeReadings inTurn(Semaphore turns, String node) throws InterruptedException, IOException {
        turns.acquire();
        try {
            return ask(node);
        } finally {
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

    private void add(Round round, String node, Future<NodeReadings> answer) throws InterruptedException {
        try {
            var readings = answer.get();
            readings.node().ifPresent(reading -> round.nodes.put(node, reading));
            readings.pods().forEach((key, containers) -> pod(round, node, key, containers));
        } catch (CancellationException e) {
            LOG.debug("node {} has not said in time what it takes", node);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof ApiException || e.getCause() instanceof IOException))
                throw new IllegalStateException(e.getCause());
            LOG.debug(
                    "node {} does not say what it takes: {}", node, e.getCause().toString());
        }
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
