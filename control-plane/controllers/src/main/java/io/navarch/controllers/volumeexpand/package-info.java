/// Volumes that are to grow.
@NullMarked
package io.navarch.controllers.volumeexpand;

import org.jspecify.annotations.NullMarked;
