/// The registry of the cluster: people and pods push images to it and pull them, by the protocol that all tools speak.
///
/// It knows nothing of nodes and containers. Start with [io.navarch.images.registry.Registry].
@NullMarked
package io.navarch.images.registry;

import org.jspecify.annotations.NullMarked;
