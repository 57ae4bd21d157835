/// What programs of others do for a node, each behind a socket: storage drivers (CSI v1), and how they make themselves
/// known. Ports, and adapters that speak gRPC.
///
/// Start with [io.navarch.csi.CsiNode].
@NullMarked
package io.navarch.csi;

import org.jspecify.annotations.NullMarked;
