/// Namespaces: definition, and the admission that guards their life.
@NullMarked
package io.navarch.kinds.namespace;

import org.jspecify.annotations.NullMarked;
