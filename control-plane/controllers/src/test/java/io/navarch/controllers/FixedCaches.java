package io.navarch.controllers;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Caches that hold what a test puts into them.
public final class FixedCaches implements Caches {
    private final Map<ResourceType<?>, List<View>> objects = new HashMap<>();
    private final Map<String, Function<View, Collection<String>>> indexes = new HashMap<>();

    public FixedCaches() {
        indexes.put(Cache.CONTROLLER, Cache::controllerOf);
        indexes.put(Cache.NAMESPACE, Cache::namespaceOf);
    }

    public FixedCaches with(ResourceType<?> type, List<? extends Lens> all) {
        objects.put(type, all.stream().map(View::over).toList());
        return this;
    }

    @Override
    public <T extends Lens> Cache<T> of(ResourceType<T> type) {
        return new Fixed<>(type);
    }

    private final class Fixed<T extends Lens> implements Cache<T> {
        private final ResourceType<T> type;

        Fixed(ResourceType<T> type) {
            this.type = type;
        }

        private List<View> views() {
            return objects.getOrDefault(type, List.of());
        }

        @Override
        public T get(ObjectKey key) {
            return type.read(views().stream()
                    .filter(each -> each.key().equals(key))
                    .findFirst()
                    .orElse(View.ABSENT));
        }

        @Override
        public Collection<T> all() {
            return views().stream().map(type::read).toList();
        }

        @Override
        public List<T> byIndex(String name, String key) {
            var keys = indexes.get(type + "/" + name);
            var used = keys == null ? indexes.get(name) : keys;
            return views().stream()
                    .filter(object -> used.apply(object).contains(key))
                    .map(type::read)
                    .toList();
        }

        @Override
        public int count(String name, String key) {
            return byIndex(name, key).size();
        }

        @Override
        public T first(String name, String prefix) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public T last(String name, String prefix) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public Cache<T> indexedBy(String name, Function<T, Collection<String>> keys) {
            indexes.put(type + "/" + name, object -> keys.apply(type.read(object)));
            return this;
        }
    }
}
