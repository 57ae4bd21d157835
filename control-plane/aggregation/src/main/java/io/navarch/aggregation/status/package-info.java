/// What becomes of APIServices: which there are for custom groups, whether the server behind one can be called, and
/// where.
///
/// Decides from what caches say, and asks nobody. Start with [io.navarch.aggregation.status.AvailabilityController].
@NullMarked
package io.navarch.aggregation.status;

import org.jspecify.annotations.NullMarked;
