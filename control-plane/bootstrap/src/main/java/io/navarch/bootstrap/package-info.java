/// What the control plane writes as a client of its own API: the objects that every cluster starts with, the
/// controllers' roles, and when legacy tokens were last used.
///
/// Start with [io.navarch.bootstrap.Bootstrap].
@NullMarked
package io.navarch.bootstrap;

import org.jspecify.annotations.NullMarked;
