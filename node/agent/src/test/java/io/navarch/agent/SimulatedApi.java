package io.navarch.agent;

import io.navarch.client.Transport;
import io.navarch.model.DeleteOptions;
import io.navarch.model.Pod;
import io.navarch.objects.ApiException;
import io.navarch.objects.ApiException.Reason;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.patch.MergePatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/// The pods of the API, and a cache of them that comes late. Calls fail while there is an outage.
final class SimulatedApi implements Transport {
    private record Change(ObjectKey key, Pod now) {}

    private final SimulatedTime time;
    private final RandomGenerator random;
    private final BiConsumer<Pod, Pod> watcher;
    private final Map<ObjectKey, Pod> pods = new HashMap<>();
    private final Map<ObjectKey, Pod> cached = new HashMap<>();
    private final Map<ObjectKey, Integer> writes = new HashMap<>();
    private final Map<ObjectKey, Instant> removed = new HashMap<>();
    /// What the cache has not heard of yet, in its order.
    private final Queue<Change> untold = new ArrayDeque<>();

    private long revision;
    boolean outage;

    /// @param watcher hears of changes, after a while and in their order
    SimulatedApi(SimulatedTime time, RandomGenerator random, BiConsumer<Pod, Pod> watcher) {
        this.time = time;
        this.random = random;
        this.watcher = watcher;
    }

    Pod pod(ObjectKey key) {
        return pods.getOrDefault(key, Pod.ABSENT);
    }

    Pod cached(ObjectKey key) {
        return cached.getOrDefault(key, Pod.ABSENT);
    }

    Map<ObjectKey, Pod> pods() {
        return Map.copyOf(pods);
    }

    Map<ObjectKey, Pod> cached() {
        return Map.copyOf(cached);
    }

    /// How often the agent has written a pod.
    int writes(ObjectKey key) {
        return writes.getOrDefault(key, 0);
    }

    /// When the pod was removed.
    Optional<Instant> removed(ObjectKey key) {
        return Optional.ofNullable(removed.get(key));
    }

    Pod put(Pod pod) {
        var stored = pod.toBuilder()
                .metadata(meta -> meta.resourceVersion(String.valueOf(++revision)))
                .build();
        pods.put(pod.key(), stored);
        tell(pod.key(), stored);
        return stored;
    }

    void delete(ObjectKey key, long grace) {
        put(pod(key).toBuilder()
                .metadata(meta -> meta.deletionTimestamp(time.instant()).deletionGracePeriodSeconds(grace))
                .build());
    }

    void remove(ObjectKey key) {
        revision++;
        pods.remove(key);
        removed.put(key, time.instant());
        tell(key, Pod.ABSENT);
    }

    private void tell(ObjectKey key, Pod now) {
        untold.add(new Change(key, now));
        time.after(Duration.ofMillis(200), () -> {
            var change = untold.remove();
            var old = change.now.exists() ? cached.put(change.key, change.now) : cached.remove(change.key);
            watcher.accept(old == null ? Pod.ABSENT : old, change.now);
        });
    }

    private Pod create(Pod sent) {
        if (pod(sent.key()).exists()) throw new ApiException(Reason.ALREADY_EXISTS, "there is one");
        return put(sent.toBuilder()
                .metadata(sent.metadata().toBuilder()
                        .uid("made-" + (revision + 1))
                        .generation(1)
                        .build())
                .build());
    }

    @Override
    public Response send(String method, String uri, String contentType, byte[] body) throws IOException {
        if (outage && random.nextInt(3) > 0) throw new IOException("connection refused");
        try {
            return answer(200, call(method, uri.split("[/?]"), View.of(Json.parse(body))));
        } catch (ApiException e) {
            return answer(e.code(), e.status());
        }
    }

    private static Response answer(int status, Object tree) {
        return new Response(status, new ByteArrayInputStream(Json.write(tree)), () -> {});
    }

    /// `/api/v1/namespaces/NS/pods`, `/api/v1/namespaces/NS/pods/NAME` and its status.
    private Object call(String method, String[] path, View body) {
        if (method.equals("POST")) return create(Pod.of(body)).view().value();
        var key = new ObjectKey(path[4], path[6]);
        var pod = pod(key);
        if (!pod.exists()) throw ApiException.notFound("pods", "", key.name());
        writes.merge(key, 1, Integer::sum);
        var sent = Pod.of(body);
        if (method.equals("DELETE")) {
            var meant = DeleteOptions.of(body).preconditions().uid();
            if (!meant.isEmpty() && !meant.equals(pod.uid())) throw new ApiException(Reason.CONFLICT, "another pod");
            remove(key);
            return Trees.map();
        }
        boolean same = sent.uid().equals(pod.uid()) && sent.resourceVersion().equals(pod.resourceVersion());
        if (!same) throw new ApiException(Reason.CONFLICT, "another version");
        var merged = MergePatch.apply(pod.view().map(), body.value());
        return put(pod.toBuilder().status(Pod.of(View.of(merged)).status()).build())
                .view()
                .value();
    }
}
