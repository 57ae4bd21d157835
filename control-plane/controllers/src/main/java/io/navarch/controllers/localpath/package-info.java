/// Volumes on the nodes' own disks, for claims whose class asks for them. The directories are the nodes' business.
///
/// Start with [io.navarch.controllers.localpath.LocalPathController].
@NullMarked
package io.navarch.controllers.localpath;

import org.jspecify.annotations.NullMarked;
