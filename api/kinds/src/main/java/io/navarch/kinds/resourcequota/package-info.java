/// ResourceQuotas: definition, rules, what an object uses of them, and the admission that enforces them.
@NullMarked
package io.navarch.kinds.resourcequota;

import org.jspecify.annotations.NullMarked;
