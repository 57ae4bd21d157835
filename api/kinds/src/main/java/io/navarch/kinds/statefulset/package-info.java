/// StatefulSets: definition, defaults and rules.
@NullMarked
package io.navarch.kinds.statefulset;

import org.jspecify.annotations.NullMarked;
