/// A cluster's life on this machine: the commands that start it, stop it, show it and give it images.
///
/// Start with [io.navarch.apps.lifecycle.UpCommand].
@NullMarked
package io.navarch.apps.lifecycle;

import org.jspecify.annotations.NullMarked;
