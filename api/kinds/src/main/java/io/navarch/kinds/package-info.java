/// The built-in kinds: one folder a kind with its definition, defaults and rules; [io.navarch.kinds.BuiltInKinds] lists
/// them, a line each. Field types come from the official Java client's models at build time.
///
/// Does no I/O and knows nothing of how kinds are served. Start with [io.navarch.kinds.BuiltInKinds] and one folder.
@NullMarked
package io.navarch.kinds;

import org.jspecify.annotations.NullMarked;
