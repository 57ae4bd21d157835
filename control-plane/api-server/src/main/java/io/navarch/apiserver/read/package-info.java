/// GET, LIST and WATCH, answered from encoded objects.
///
/// Never writes, and never parses an object where its bytes will do. Start with
/// [io.navarch.apiserver.read.ListHandler].
@NullMarked
package io.navarch.apiserver.read;

import org.jspecify.annotations.NullMarked;
