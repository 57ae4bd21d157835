package io.navarch.client;

/// One cache a resource.
public interface Caches {
    Cache of(ResourceType type);
}
