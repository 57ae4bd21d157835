/// The admission plugin that keeps nodes to what is theirs, whatever they are authorized to do.
@NullMarked
package io.navarch.kinds.noderestriction;

import org.jspecify.annotations.NullMarked;
