package io.navarch.apiserver.registry;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.Storage;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.admission.Admission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// What is served: every kind under its group, version and plural. Kinds come and go while the server runs.
public final class Resources implements Admission.Lookup {
    /// A served version of a kind and the cache of its objects (`null` for kinds that are not kept).
    public record Endpoint(KindDefinition kind, KindDefinition.Version version, ObjectCache cache) {
        public String apiVersion() {
            return kind.apiVersion(version.name());
        }

        /// Whether objects must be converted between this version and the stored one.
        public boolean converts() {
            return cache != null
                    && !apiVersion()
                            .equals(cache.kind()
                                    .apiVersion(cache.kind().storage().name()));
        }

        public ApiException notFound(String name) {
            return ApiException.notFound(kind.plural(), kind.group(), name);
        }

        public String key(String namespace, String name) {
            return kind.storagePrefix() + (kind.namespaced() ? namespace + "/" : "") + name;
        }

        public String prefix(String namespace) {
            return kind.storagePrefix() + (kind.namespaced() && !namespace.isEmpty() ? namespace + "/" : "");
        }
    }

    private final Storage storage;
    /// In the order of registration, which is the order in which clients find groups that share a kind's name.
    private volatile Map<String, KindDefinition> kinds = Map.of();
    private volatile Map<String, ServedVersions> versions = Map.of();
    private final AtomicLong changes = new AtomicLong();

    public Resources(Storage storage) {
        this.storage = storage;
    }

    public synchronized void add(KindDefinition kind) {
        if (kept(kind)) storage.cache(kind);
        var next = new LinkedHashMap<>(kinds);
        next.put(kind.qualified(), kind);
        serve(next);
        changes.incrementAndGet();
    }

    private void serve(Map<String, KindDefinition> next) {
        versions = next.values().stream()
                .filter(Resources::kept)
                .collect(Collectors.groupingBy(
                        KindDefinition::storagePrefix,
                        Collectors.collectingAndThen(Collectors.toList(), ServedVersions::new)));
        kinds = next;
    }

    /// All versions that objects of a kind come in.
    public ServedVersions versions(KindDefinition kind) {
        return versions.get(kind.storagePrefix());
    }

    private static boolean kept(KindDefinition kind) {
        return kind.listable() && !kind.computed();
    }

    public synchronized void remove(KindDefinition kind) {
        var next = new LinkedHashMap<>(kinds);
        next.remove(kind.qualified());
        serve(next);
        storage.drop(kind);
        changes.incrementAndGet();
    }

    /// Counts up whenever the set of kinds changes; documents made from it are stale then.
    public long generation() {
        return changes.get();
    }

    public List<KindDefinition> all() {
        return List.copyOf(kinds.values());
    }

    public KindDefinition kind(String group, String plural) {
        return kinds.get(group.isEmpty() ? plural : plural + "." + group);
    }

    /// The endpoint, or `null` when it is not served.
    public Endpoint endpoint(String group, String version, String plural) {
        var kind = kind(group, plural);
        if (kind == null) return null;
        return kind.version(version)
                .map(found -> new Endpoint(kind, found, kept(kind) ? storage.cache(kind) : null))
                .orElse(null);
    }

    @Override
    public View get(String group, String resource, String namespace, String name) {
        var kind = kind(group, resource);
        if (kind == null) return View.of(null);
        var cache = current(kind);
        var stored = cache.get(kind.storagePrefix() + (kind.namespaced() ? namespace + "/" : "") + name);
        // Admission asks for the same namespaces and classes with every write.
        return stored == null ? View.of(null) : stored.read();
    }

    @Override
    public List<View> list(String group, String resource, String namespace) {
        var kind = kind(group, resource);
        if (kind == null) return List.of();
        var prefix = kind.storagePrefix() + (namespace.isEmpty() || !kind.namespaced() ? "" : namespace + "/");
        var result = new ArrayList<View>();
        current(kind).snapshot().below(prefix).forEach(stored -> result.add(stored.read()));
        return result;
    }

    /// Waits until there is such an object, about as long as kube-apiserver asks for a namespace's default account.
    public void awaitNeeded(Admission.Reference needed) {
        var kind = kind(needed.group(), needed.resource());
        var cache = storage.cache(kind);
        var key = kind.storagePrefix() + needed.namespace() + "/" + needed.name();
        try {
            cache.awaitObject(key, 2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The cache, once it has seen every write that was acknowledged.
    private ObjectCache current(KindDefinition kind) {
        var cache = storage.cache(kind);
        try {
            cache.await(storage.store().revision(), 3000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return cache;
    }

    public Storage storage() {
        return storage;
    }
}
