/// Claims of volumes that live as long as their pod.
@NullMarked
package io.navarch.controllers.ephemeralvolume;

import org.jspecify.annotations.NullMarked;
