/// PriorityClass, and the plugin that gives pods their priority.
@NullMarked
package io.navarch.kinds.priorityclass;

import org.jspecify.annotations.NullMarked;
