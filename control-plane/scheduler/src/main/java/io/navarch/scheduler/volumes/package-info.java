/// Where pods can go by the claims that they use, which volumes those claims get there, and how they get them.
///
/// Start with [io.navarch.scheduler.volumes.PodClaims], which decides; [io.navarch.scheduler.volumes.VolumeBinding]
/// carries it out.
@NullMarked
package io.navarch.scheduler.volumes;

import org.jspecify.annotations.NullMarked;
