/// Cluster roles that are made of others.
@NullMarked
package io.navarch.controllers.clusterroleaggregation;

import org.jspecify.annotations.NullMarked;
