/// Volumes that are directories on this node's disk: made for those who get them, removed when these have gone.
///
/// Start with [io.navarch.agent.localpath.DirectoryStep], which decides; [io.navarch.agent.localpath.LocalDirectories]
/// carries it out.
@NullMarked
package io.navarch.agent.localpath;

import org.jspecify.annotations.NullMarked;
