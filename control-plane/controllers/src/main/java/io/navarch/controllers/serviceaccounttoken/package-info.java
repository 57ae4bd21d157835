/// Tokens of service accounts that are kept in Secrets.
@NullMarked
package io.navarch.controllers.serviceaccounttoken;

import org.jspecify.annotations.NullMarked;
