/// Nodes that run nothing: the real agent on a runtime in memory, thousands of nodes and pods in one process, to see
/// what the rest of a cluster does.
///
/// Start with [io.navarch.hollow.HollowNodes].
@NullMarked
package io.navarch.hollow;

import org.jspecify.annotations.NullMarked;
