/// HorizontalPodAutoscalers: as many pods as the load needs.
///
/// Start with [io.navarch.controllers.podautoscaler.HorizontalPodAutoscalerController]; the sizes and the load that it
/// decides on are read in the package `metrics`.
@NullMarked
package io.navarch.controllers.podautoscaler;

import org.jspecify.annotations.NullMarked;
