/// Tokens of service accounts are signed outside of the decision.
@NullMarked
package io.navarch.controllers.serviceaccounttoken.minting;

import org.jspecify.annotations.NullMarked;
