package io.navarch.controllers;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// Caches with real indexes that count how many objects they have handed out.
final class CountingCaches implements Caches {
    private final Map<String, Store> stores = new HashMap<>();
    long read;

    private static final class Store {
        final Map<ObjectKey, View> objects = new LinkedHashMap<>();
        final Map<String, Function<View, Collection<String>>> functions = new HashMap<>();
        final Map<String, NavigableMap<String, Set<ObjectKey>>> indexes = new HashMap<>();

        void index(String name, Function<View, Collection<String>> function) {
            if (functions.putIfAbsent(name, function) != null) return;
            indexes.put(name, new TreeMap<>());
            objects.values().forEach(object -> enter(name, object));
        }

        void enter(String name, View object) {
            for (var entry : functions.get(name).apply(object))
                indexes.get(name).computeIfAbsent(entry, key -> new TreeSet<>()).add(object.key());
        }

        void put(View object) {
            var before = objects.put(object.key(), object);
            if (before != null)
                functions.forEach((name, function) -> {
                    for (var entry : function.apply(before))
                        indexes.get(name).get(entry).remove(before.key());
                });
            for (var name : functions.keySet()) enter(name, object);
        }
    }

    private Store store(ResourceType<?> type) {
        return stores.computeIfAbsent(type.toString(), key -> {
            var store = new Store();
            store.index(Cache.CONTROLLER, Cache::controllerOf);
            store.index(Cache.NAMESPACE, Cache::namespaceOf);
            return store;
        });
    }

    void put(ResourceType<?> type, Lens object) {
        store(type).put(View.over(object));
    }

    @Override
    public <T extends Lens> Cache<T> of(ResourceType<T> type) {
        return new Counting<>(store(type), type);
    }

    private final class Counting<T extends Lens> implements Cache<T> {
        private final Store store;
        private final ResourceType<T> type;

        Counting(Store store, ResourceType<T> type) {
            this.store = store;
            this.type = type;
        }

        private Set<ObjectKey> keys(String name, String entry) {
            return store.indexes.get(name).getOrDefault(entry, Set.of());
        }

        @Override
        public T get(ObjectKey key) {
            read++;
            return type.read(store.objects.getOrDefault(key, View.ABSENT));
        }

        @Override
        public Collection<T> all() {
            read += store.objects.size();
            return store.objects.values().stream().map(type::read).toList();
        }

        @Override
        public List<T> byIndex(String name, String key) {
            var result = new ArrayList<T>();
            for (var each : keys(name, key)) result.add(get(each));
            return result;
        }

        @Override
        public int count(String name, String key) {
            return keys(name, key).size();
        }

        @Override
        public T first(String name, String prefix) {
            return one(store.indexes.get(name).tailMap(prefix, true).values(), name, prefix);
        }

        @Override
        public T last(String name, String prefix) {
            var until = store.indexes.get(name).headMap(prefix + Character.MAX_VALUE, false);
            return one(until.descendingMap().values(), name, prefix);
        }

        private T one(Collection<Set<ObjectKey>> entries, String name, String prefix) {
            for (var keys : entries) {
                if (keys.isEmpty()) continue;
                var object = get(keys.iterator().next());
                boolean found = store.functions.get(name).apply(View.over(object)).stream()
                        .anyMatch(entry -> entry.startsWith(prefix));
                return found ? object : type.read(View.ABSENT);
            }
            return type.read(View.ABSENT);
        }

        @Override
        public Cache<T> indexedBy(String name, Function<T, Collection<String>> keys) {
            store.index(name, object -> keys.apply(type.read(object)));
            return this;
        }
    }
}
