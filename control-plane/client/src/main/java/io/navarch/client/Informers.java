package io.navarch.client;

import io.navarch.objects.Lens;
import io.navarch.objects.ResourceType;
import io.navarch.process.TaskScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The caches of one component, or of several that share them: each resource is followed once, whoever asks.
public final class Informers implements Caches {
    private final Client client;
    private final Map<ResourceType<?>, SharedInformer> informers = new LinkedHashMap<>();
    /// What informers run in; `null` until they are started.
    private @Nullable TaskScope running;

    public Informers(Client client) {
        this.client = client;
    }

    @Override
    public synchronized <T extends Lens> Informer<T> of(ResourceType<T> type) {
        var shared = informers.computeIfAbsent(type, key -> {
            var informer = new SharedInformer(client, type, "", "");
            informer.indexedBy(Cache.CONTROLLER, Cache::controllerOf);
            informer.indexedBy(Cache.NAMESPACE, Cache::namespaceOf);
            if (running != null) informer.start(running);
            return informer;
        });
        return new Informer<>(shared, type);
    }

    public synchronized void start(TaskScope scope) {
        running = scope;
        informers.values().forEach(informer -> informer.start(scope));
    }

    /// Whether all that is followed is known.
    public synchronized boolean synced() {
        return informers.values().stream().allMatch(SharedInformer::synced);
    }

    public void awaitSync() throws InterruptedException {
        List<SharedInformer> all;
        synchronized (this) {
            all = List.copyOf(informers.values());
        }
        for (var informer : all) informer.awaitSync();
    }
}
