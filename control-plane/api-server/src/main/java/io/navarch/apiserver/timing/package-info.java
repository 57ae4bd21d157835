/// How long the parts of a call take. Knows nothing of calls: all other rooms may tell it.
///
/// Start with [io.navarch.apiserver.timing.CallTimes].
@NullMarked
package io.navarch.apiserver.timing;

import org.jspecify.annotations.NullMarked;
