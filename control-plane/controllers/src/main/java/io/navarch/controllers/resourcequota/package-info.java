/// Keeps the status of every ResourceQuota equal to what its namespace uses.
package io.navarch.controllers.resourcequota;
