/// Scenarios that controllers, the scheduler and a played node run through, on both sides.
@NullMarked
package io.navarch.comparison.loops;

import org.jspecify.annotations.NullMarked;
