/// ReplicationControllers: definition, defaults and rules.
@NullMarked
package io.navarch.kinds.replicationcontroller;

import org.jspecify.annotations.NullMarked;
