package io.navarch.apiserver.registry;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.admission.Admission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// The kinds that are served, under group, version and plural. They come and go while the server runs.
public final class Resources implements Admission.Lookup {
    private static final long NEEDED_MILLIS = 2000;
    private static final long CURRENT_MILLIS = 3000;

    private final Storage storage;
    /// In the order of registration, in which clients find groups that share a kind's name.
    private volatile Map<String, KindDefinition> kinds = Map.of();
    private volatile Map<String, ServedVersions> versions = Map.of();
    private final AtomicLong changes = new AtomicLong();
    private final Tallies tallies = new Tallies();

    public Resources(Storage storage) {
        this.storage = storage;
    }

    /// Whether built-in kinds alone answer the paths of a version of a group.
    public boolean builtIn(String group, String version) {
        return kinds.values().stream()
                .anyMatch(kind -> !kind.custom()
                        && kind.group().equals(group)
                        && kind.version(version).isPresent());
    }

    /// Whether a kind has the name of a built-in one, or would be stored where one is: it must never take its
    /// place, and its deletion must never reach its objects.
    public boolean reserved(KindDefinition kind) {
        return kinds.values().stream()
                .anyMatch(other -> !other.custom()
                        && (other.qualified().equals(kind.qualified())
                                || overlap(other.storagePrefix(), kind.storagePrefix())));
    }

    private static boolean overlap(String one, String other) {
        return !one.isEmpty() && (one.startsWith(other) || other.startsWith(one));
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
        return Objects.requireNonNull(versions.get(kind.storagePrefix()), kind.qualified());
    }

    /// The kinds that share the objects of one, this among them, in the order of their registration.
    public List<KindDefinition> sharing(KindDefinition kind) {
        return kinds.values().stream()
                .filter(other ->
                        other == kind || kept(other) && other.storagePrefix().equals(kind.storagePrefix()))
                .toList();
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

    public Optional<KindDefinition> kind(String group, String plural) {
        return Optional.ofNullable(kinds.get(group.isEmpty() ? plural : plural + "." + group));
    }

    /// The endpoint of a resource, when that version of it is served.
    public Optional<Endpoint> endpoint(String group, String version, String plural) {
        return kind(group, plural)
                .flatMap(kind -> kind.version(version)
                        .map(served -> new Endpoint(
                                kind,
                                served,
                                kept(kind) ? Optional.of(storage.cache(kind)) : Optional.empty(),
                                Optional.of(storage.shown()))));
    }

    @Override
    public View get(String group, String resource, String namespace, String name) {
        var kind = kind(group, resource);
        if (kind.isEmpty()) return View.ABSENT;
        // Admission asks for the same namespaces and classes with every write.
        return current(kind.get())
                .get(kind.get().storagePrefix() + (kind.get().namespaced() ? namespace + "/" : "") + name)
                .map(StoredObject::read)
                .orElse(View.ABSENT);
    }

    @Override
    public List<View> list(String group, String resource, String namespace) {
        var kind = kind(group, resource);
        if (kind.isEmpty()) return List.of();
        boolean all = namespace.isEmpty() || !kind.get().namespaced();
        var prefix = kind.get().storagePrefix() + (all ? "" : namespace + "/");
        var result = new ArrayList<View>();
        current(kind.get()).snapshot().below(prefix).forEach(stored -> result.add(stored.read()));
        return result;
    }

    @Override
    public Map<String, Quantity> sum(String group, String resource, String namespace, Admission.Amounts of) {
        return kind(group, resource)
                .map(kind -> tallies.of(current(kind), namespace, of))
                .orElse(Map.of());
    }

    @Override
    public Quantity sum(String group, String resource, String namespace, Admission.Amounts of, String name) {
        return kind(group, resource)
                .map(kind -> tallies.of(current(kind), namespace, of, name))
                .orElse(Quantity.ZERO);
    }

    /// Waits until there is such an object, about as long as kube-apiserver does for a namespace's default account.
    public void awaitNeeded(Admission.Reference needed) {
        var kind = kind(needed.group(), needed.resource());
        if (kind.isEmpty()) return;
        var key = kind.get().storagePrefix() + needed.namespace() + "/" + needed.name();
        try {
            storage.cache(kind.get()).awaitObject(key, NEEDED_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The cache, once it has seen every write that was acknowledged.
    private ObjectCache current(KindDefinition kind) {
        var cache = storage.cache(kind);
        try {
            cache.await(storage.store().revision(), CURRENT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return cache;
    }

    public Storage storage() {
        return storage;
    }
}
