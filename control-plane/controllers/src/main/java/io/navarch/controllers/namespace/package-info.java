/// A namespace that is deleted is emptied first.
@NullMarked
package io.navarch.controllers.namespace;

import org.jspecify.annotations.NullMarked;
