/// Pods that no node agent will ever finish are removed.
@NullMarked
package io.navarch.controllers.podgc;

import org.jspecify.annotations.NullMarked;
