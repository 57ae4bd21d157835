package io.navarch.client;

import io.navarch.objects.ResourceType;
/// One cache a resource.
import io.navarch.objects.View;

public interface Caches {
    Cache of(ResourceType<View> type);
}
