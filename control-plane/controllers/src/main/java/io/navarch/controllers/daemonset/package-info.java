/// DaemonSets: a pod on every node that fits.
package io.navarch.controllers.daemonset;
