/// Pods that the node runs by itself, whether or not there is an API server.
///
/// Start with [io.navarch.agent.staticpods.StaticPods].
@NullMarked
package io.navarch.agent.staticpods;

import org.jspecify.annotations.NullMarked;
