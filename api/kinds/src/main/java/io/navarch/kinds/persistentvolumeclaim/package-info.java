/// PersistentVolumeClaim, the plugin that lets claims grow, and the one that keeps what is in use.
@NullMarked
package io.navarch.kinds.persistentvolumeclaim;

import org.jspecify.annotations.NullMarked;
