/// PriorityLevelConfiguration: shares and queues of a level of flow control.
@NullMarked
package io.navarch.kinds.prioritylevelconfiguration;

import org.jspecify.annotations.NullMarked;
