/// Devices that plugins give to containers: which there are, whose they are, and what is remembered of that.
///
/// Start with [io.navarch.agent.devices.PluggedDevices].
@NullMarked
package io.navarch.agent.devices;

import org.jspecify.annotations.NullMarked;
