/// Files by descriptor instead of by path, for directories in which containers write: what a path leads to can change
/// between two looks at it, what a descriptor is open on cannot. Java has neither `openat2` nor `mount`, nor
/// groups of processes; the kernel is called for them.
///
/// Start with [io.navarch.agent.linux.Handle].
@NullMarked
package io.navarch.agent.linux;

import org.jspecify.annotations.NullMarked;
