/// LimitRanges: definition, defaults and rules, and the admission that applies them.
@NullMarked
package io.navarch.kinds.limitrange;

import org.jspecify.annotations.NullMarked;
