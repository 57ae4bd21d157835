/// One way to the API for every component, in the same process or over HTTPS: typed calls, caches that follow a
/// resource, event recording.
///
/// Knows nothing of how the API is served. Start with [io.navarch.client.Client] and [io.navarch.client.Informer].
@NullMarked
package io.navarch.client;

import org.jspecify.annotations.NullMarked;
