/// What every process of Navarch needs around its logic: options, logging, external commands, task scopes, backoff.
///
/// Knows no object and no network protocol. Start with [io.navarch.process.Options].
@NullMarked
package io.navarch.process;

import org.jspecify.annotations.NullMarked;
