/// Which pods go when the node is short of something: in what order, what they are told, and what is tried before.
///
/// Start with [io.navarch.agent.eviction.EvictionOrder].
@NullMarked
package io.navarch.agent.eviction;

import org.jspecify.annotations.NullMarked;
