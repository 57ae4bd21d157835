/// PodDisruptionBudgets: how many pods may be evicted.
package io.navarch.controllers.disruption;
