/// NetworkPolicy: checked and stored; the default pod network does not enforce it.
@NullMarked
package io.navarch.kinds.networkpolicy;

import org.jspecify.annotations.NullMarked;
