/// The API server itself: the list of stages that every call passes, and the wiring of the rooms below.
///
/// Serves kinds that it is given and names none of them. Start with [io.navarch.apiserver.ApiServer] and its list of
/// stages; the packages below depend on each other in one direction only: `cache` ← `registry` ← `request` ← `read` ←
/// `write` ← the rest.
@NullMarked
package io.navarch.apiserver;

import org.jspecify.annotations.NullMarked;
