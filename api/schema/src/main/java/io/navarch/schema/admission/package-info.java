/// The port of built-in admission: what a kind's plugins are given and may do to a write.
@NullMarked
package io.navarch.schema.admission;

import org.jspecify.annotations.NullMarked;
