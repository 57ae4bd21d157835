/// DaemonSets: definition, defaults and rules.
@NullMarked
package io.navarch.kinds.daemonset;

import org.jspecify.annotations.NullMarked;
