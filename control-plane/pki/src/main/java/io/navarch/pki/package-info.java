/// The cluster's certificates: its authority, what it signs for its own parts, and what it signs for others.
///
/// Start with [io.navarch.pki.Pki].
@NullMarked
package io.navarch.pki;

import org.jspecify.annotations.NullMarked;
