/// PodDisruptionBudget: a limit for voluntary evictions.
@NullMarked
package io.navarch.kinds.poddisruptionbudget;

import org.jspecify.annotations.NullMarked;
