/// Servers that die: killed at any moment under load, or together with the power of their disk. What they have
/// acknowledged must be there when they come back, and nothing may be half there.
@NullMarked
package io.navarch.crash;

import org.jspecify.annotations.NullMarked;
