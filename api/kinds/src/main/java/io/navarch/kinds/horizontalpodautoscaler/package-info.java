/// HorizontalPodAutoscaler: stored as `autoscaling/v2`, converted from and to `v1`.
@NullMarked
package io.navarch.kinds.horizontalpodautoscaler;

import org.jspecify.annotations.NullMarked;
