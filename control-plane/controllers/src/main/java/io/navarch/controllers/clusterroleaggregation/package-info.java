/// Cluster roles that are made of others.
package io.navarch.controllers.clusterroleaggregation;
