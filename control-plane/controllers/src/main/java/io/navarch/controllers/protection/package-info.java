/// Lets deleted volumes, claims and attribute classes go once nothing uses them.
@NullMarked
package io.navarch.controllers.protection;

import org.jspecify.annotations.NullMarked;
