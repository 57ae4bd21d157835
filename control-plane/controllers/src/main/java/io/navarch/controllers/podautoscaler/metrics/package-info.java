/// The horizontal autoscaler's outer side: sizes and load, read from the API.
@NullMarked
package io.navarch.controllers.podautoscaler.metrics;

import org.jspecify.annotations.NullMarked;
