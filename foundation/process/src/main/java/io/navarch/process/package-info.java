/// What every process of Navarch needs around its logic: options, logging, external commands, task scopes, backoff.
///
/// Knows no object and no network protocol. Start with [io.navarch.process.Options].
package io.navarch.process;
