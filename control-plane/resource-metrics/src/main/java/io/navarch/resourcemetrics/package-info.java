/// What nodes and pods take of processors and memory, as the API `metrics.k8s.io`: read from the nodes every few
/// seconds, and answered as long as no other server has registered itself for it.
///
/// Start with [io.navarch.resourcemetrics.MetricsApi]; [io.navarch.resourcemetrics.UsageHistory] decides what is told.
@NullMarked
package io.navarch.resourcemetrics;

import org.jspecify.annotations.NullMarked;
