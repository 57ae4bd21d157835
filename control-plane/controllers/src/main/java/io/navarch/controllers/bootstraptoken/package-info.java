/// Tokens by which nodes join: their end, and the signature under what they need to know.
@NullMarked
package io.navarch.controllers.bootstraptoken;

import org.jspecify.annotations.NullMarked;
