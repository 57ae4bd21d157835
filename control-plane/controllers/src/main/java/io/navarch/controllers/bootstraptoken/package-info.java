/// Tokens by which nodes join: their end, and the signature under what they need to know.
package io.navarch.controllers.bootstraptoken;
