/// How a machine is made up of NUMA nodes, sockets, cores and processors, and how what containers get of it is to come
/// from parts that are close to each other. Pure, but for [io.navarch.agent.numa.MachineFiles].
///
/// Start with [io.navarch.agent.numa.MachineTopology] and [io.navarch.agent.numa.HintMerger].
@NullMarked
package io.navarch.agent.numa;

import org.jspecify.annotations.NullMarked;
