/// RuntimeClass, and the plugin that completes pods with its overhead and placement.
@NullMarked
package io.navarch.kinds.runtimeclass;

import org.jspecify.annotations.NullMarked;
