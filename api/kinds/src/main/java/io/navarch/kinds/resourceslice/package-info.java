/// ResourceSlice: the devices that a driver offers.
@NullMarked
package io.navarch.kinds.resourceslice;

import org.jspecify.annotations.NullMarked;
