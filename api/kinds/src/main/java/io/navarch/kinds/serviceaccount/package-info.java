/// ServiceAccounts: definition, and the admission that gives pods an account and its token.
@NullMarked
package io.navarch.kinds.serviceaccount;

import org.jspecify.annotations.NullMarked;
