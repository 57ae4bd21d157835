/// CSINode: the storage drivers of a node.
@NullMarked
package io.navarch.kinds.csinode;

import org.jspecify.annotations.NullMarked;
