/// The patches that clients send: JSON patch, merge patch and strategic merge patch.
@NullMarked
package io.navarch.schema.patch;

import org.jspecify.annotations.NullMarked;
