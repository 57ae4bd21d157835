/// Claims find volumes, and volumes claims.
@NullMarked
package io.navarch.controllers.persistentvolume;

import org.jspecify.annotations.NullMarked;
