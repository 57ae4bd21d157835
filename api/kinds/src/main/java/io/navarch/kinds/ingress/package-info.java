/// Ingress, and its conversion from and to the form of `extensions/v1beta1`.
@NullMarked
package io.navarch.kinds.ingress;

import org.jspecify.annotations.NullMarked;
