/// Nodes that stop reporting are marked, tainted and their pods evicted.
@NullMarked
package io.navarch.controllers.node;

import org.jspecify.annotations.NullMarked;
