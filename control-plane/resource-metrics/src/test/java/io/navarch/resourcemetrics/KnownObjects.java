package io.navarch.resourcemetrics;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/// The objects of one resource, and none of any other.
record KnownObjects(ResourceType<?> known, List<View> objects) implements Caches {
    static KnownObjects of(ResourceType<?> type, List<String> yaml) {
        return new KnownObjects(
                type, yaml.stream().map(text -> View.of(Yaml.parse(text))).toList());
    }

    @Override
    public <T extends Lens> Cache<T> of(ResourceType<T> type) {
        var all = type.equals(known) ? objects.stream().map(type::read).toList() : List.<T>of();
        return new Cache<>() {
            @Override
            public T get(ObjectKey key) {
                return all.stream()
                        .filter(each -> View.over(each).key().equals(key))
                        .findFirst()
                        .orElseGet(type::absent);
            }

            @Override
            public Collection<T> all() {
                return all;
            }

            @Override
            public List<T> byIndex(String name, String key) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int count(String name, String key) {
                throw new UnsupportedOperationException();
            }

            @Override
            public T first(String name, String prefix) {
                throw new UnsupportedOperationException();
            }

            @Override
            public T last(String name, String prefix) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Cache<T> indexedBy(String name, Function<T, Collection<String>> keys) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
