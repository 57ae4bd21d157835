/// DaemonSets keep one pod on every node that fits.
@NullMarked
package io.navarch.controllers.daemonset;

import org.jspecify.annotations.NullMarked;
