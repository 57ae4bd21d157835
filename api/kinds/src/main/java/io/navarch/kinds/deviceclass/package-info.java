/// DeviceClass, and the rules for requests for devices that claims and their templates share.
@NullMarked
package io.navarch.kinds.deviceclass;

import org.jspecify.annotations.NullMarked;
