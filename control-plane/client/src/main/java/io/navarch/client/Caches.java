package io.navarch.client;

import io.navarch.objects.Lens;
import io.navarch.objects.ResourceType;

/// One cache a resource.
public interface Caches {
    <T extends Lens> Cache<T> of(ResourceType<T> type);
}
