/// Snapshots of volumes, whose kinds are custom resources of the storage project's: what is read and written of them
/// where Navarch keeps the volumes itself. Their rules are those of their definitions.
///
/// Start with [io.navarch.kinds.volumesnapshot.VolumeSnapshots].
@NullMarked
package io.navarch.kinds.volumesnapshot;

import org.jspecify.annotations.NullMarked;
