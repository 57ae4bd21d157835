/// What the machine's own system tells of its shutdown.
///
/// Start with [io.navarch.agent.shutdown.Logind].
@NullMarked
package io.navarch.agent.shutdown;

import org.jspecify.annotations.NullMarked;
