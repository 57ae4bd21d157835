/// CSIDriver: what a storage driver is capable of.
@NullMarked
package io.navarch.kinds.csidriver;

import org.jspecify.annotations.NullMarked;
