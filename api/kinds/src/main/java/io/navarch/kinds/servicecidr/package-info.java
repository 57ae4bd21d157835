/// ServiceCIDR: ranges of Services' addresses.
@NullMarked
package io.navarch.kinds.servicecidr;

import org.jspecify.annotations.NullMarked;
