/// Which kinds are served, under which group, version and plural. Kinds come and go while the server runs.
///
/// Knows no requests. Start with [io.navarch.apiserver.registry.Resources].
@NullMarked
package io.navarch.apiserver.registry;

import org.jspecify.annotations.NullMarked;
