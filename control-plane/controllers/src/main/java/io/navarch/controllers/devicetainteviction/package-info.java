/// Pods leave devices whose taints their claims do not tolerate.
@NullMarked
package io.navarch.controllers.devicetainteviction;

import org.jspecify.annotations.NullMarked;
