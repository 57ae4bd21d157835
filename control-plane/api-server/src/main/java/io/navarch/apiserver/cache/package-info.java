/// The watch caches: every object once, in its encoded form, and the latest changes for those who follow them.
///
/// Knows the store and kinds, but no requests and no users. Start with [io.navarch.apiserver.cache.ObjectCache].
@NullMarked
package io.navarch.apiserver.cache;

import org.jspecify.annotations.NullMarked;
