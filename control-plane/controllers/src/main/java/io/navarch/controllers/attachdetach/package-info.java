/// Which volumes are attached to which nodes.
@NullMarked
package io.navarch.controllers.attachdetach;

import org.jspecify.annotations.NullMarked;
