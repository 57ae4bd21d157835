/// Objects whose owners are gone go too.
@NullMarked
package io.navarch.controllers.garbage;

import org.jspecify.annotations.NullMarked;
