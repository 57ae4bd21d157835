/// Where on the machine containers run: devices, processors and memory that are close to each other.
///
/// Start with [io.navarch.agent.placement.NodePlacement].
@NullMarked
package io.navarch.agent.placement;

import org.jspecify.annotations.NullMarked;
