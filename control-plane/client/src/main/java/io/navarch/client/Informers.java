package io.navarch.client;

import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.util.LinkedHashMap;
import java.util.Map;

/// The caches of one component, or of several that share them: one informer a resource, whoever asks.
public final class Informers implements Caches {
    private final Client client;
    private final Map<ResourceType<View>, Informer> informers = new LinkedHashMap<>();
    private TaskScope running;

    public Informers(Client client) {
        this.client = client;
    }

    @Override
    public synchronized Informer of(ResourceType<View> type) {
        return informers.computeIfAbsent(type, key -> {
            var informer = new Informer(client, key, "")
                    .indexedBy(Cache.CONTROLLER, Cache::controllerOf)
                    .indexedBy(Cache.NAMESPACE, Cache::namespaceOf);
            if (running != null) informer.start(running);
            return informer;
        });
    }

    public synchronized void start(TaskScope scope) {
        running = scope;
        informers.values().forEach(informer -> informer.start(scope));
    }

    public void awaitSync() throws InterruptedException {
        Map<ResourceType<View>, Informer> all;
        synchronized (this) {
            all = new LinkedHashMap<>(informers);
        }
        for (var informer : all.values()) informer.awaitSync();
    }
}
