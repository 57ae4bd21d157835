/// Whose a bearer token is that others have made: issuers of OpenID Connect, webhooks, files.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/
@NullMarked
package io.navarch.authentication;

import org.jspecify.annotations.NullMarked;
