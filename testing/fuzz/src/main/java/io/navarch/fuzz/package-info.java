/// Mutated input for everything that reads what clients send.
@NullMarked
package io.navarch.fuzz;

import org.jspecify.annotations.NullMarked;
