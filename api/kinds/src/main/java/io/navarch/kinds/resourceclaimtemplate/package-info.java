/// ResourceClaimTemplate; its rules are those of [io.navarch.kinds.deviceclass].
@NullMarked
package io.navarch.kinds.resourceclaimtemplate;

import org.jspecify.annotations.NullMarked;
