/// ResourceClaim: devices promised to pods; its rules are those of [io.navarch.kinds.deviceclass].
@NullMarked
package io.navarch.kinds.resourceclaim;

import org.jspecify.annotations.NullMarked;
