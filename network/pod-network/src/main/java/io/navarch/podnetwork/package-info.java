/// The default pod network: a CNI bridge on the node, addresses from the node's part of the cluster network.
///
/// Start with [io.navarch.podnetwork.BridgeNetwork].
@NullMarked
package io.navarch.podnetwork;

import org.jspecify.annotations.NullMarked;
