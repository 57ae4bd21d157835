/// Binding: the request that puts a pod on a node.
@NullMarked
package io.navarch.kinds.binding;

import org.jspecify.annotations.NullMarked;
