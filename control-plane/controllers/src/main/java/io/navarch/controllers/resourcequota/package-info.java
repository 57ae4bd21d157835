/// Keeps the status of every ResourceQuota equal to what its namespace uses.
@NullMarked
package io.navarch.controllers.resourcequota;

import org.jspecify.annotations.NullMarked;
