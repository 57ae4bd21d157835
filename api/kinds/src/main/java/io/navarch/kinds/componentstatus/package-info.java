/// ComponentStatus: a computed, deprecated view of the control plane's health.
@NullMarked
package io.navarch.kinds.componentstatus;

import org.jspecify.annotations.NullMarked;
