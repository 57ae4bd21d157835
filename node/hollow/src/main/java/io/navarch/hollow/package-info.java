/// Nodes that only say that they run pods: thousands of them and of their pods, to see what the rest of a cluster does.
///
/// Start with [io.navarch.hollow.HollowNodes].
package io.navarch.hollow;
