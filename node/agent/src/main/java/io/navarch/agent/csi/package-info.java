/// Plugins that make themselves known to the node by a socket in its directory, and the storage drivers among them.
///
/// Start with [io.navarch.agent.csi.PluginWatcher], then [io.navarch.agent.csi.CsiDrivers].
@NullMarked
package io.navarch.agent.csi;

import org.jspecify.annotations.NullMarked;
