/// Jobs that have ended are deleted after a while.
@NullMarked
package io.navarch.controllers.ttlafterfinished;

import org.jspecify.annotations.NullMarked;
