/// PersistentVolume, and the rules for volumes that are described inside other objects.
@NullMarked
package io.navarch.kinds.persistentvolume;

import org.jspecify.annotations.NullMarked;
