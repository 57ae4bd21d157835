/// PodDisruptionBudgets: how many pods may be evicted.
@NullMarked
package io.navarch.controllers.disruption;

import org.jspecify.annotations.NullMarked;
