/// Memory that containers are promised of single NUMA nodes.
///
/// Start with [io.navarch.agent.memory.MemoryPolicy]; [io.navarch.agent.memory.PinnedMemory] keeps what it decides.
@NullMarked
package io.navarch.agent.memory;

import org.jspecify.annotations.NullMarked;
