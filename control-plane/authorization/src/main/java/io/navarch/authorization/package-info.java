/// Who says what callers may do, as a file configures it, and those of them that are asked over the network.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/
@NullMarked
package io.navarch.authorization;

import org.jspecify.annotations.NullMarked;
