/// HorizontalPodAutoscalers: as many pods as the load needs.
///
/// Start with [io.navarch.controllers.podautoscaler.HorizontalController].
package io.navarch.controllers.podautoscaler;
