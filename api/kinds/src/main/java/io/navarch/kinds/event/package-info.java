/// Event in both of its groups, which show the same stored objects, and the plugin that limits their rate.
@NullMarked
package io.navarch.kinds.event;

import org.jspecify.annotations.NullMarked;
