/// The horizontal autoscaler's outer side: sizes and load, read from the API.
package io.navarch.controllers.podautoscaler.metrics;
