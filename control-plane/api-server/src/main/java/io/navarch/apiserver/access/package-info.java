/// Who calls, and what they may do: authentication, RBAC, and the reviews that ask about both.
///
/// Decides; refusing a call is the business of the stages. Start with [io.navarch.apiserver.access.Authenticator] and
/// [io.navarch.apiserver.access.Authorizer].
@NullMarked
package io.navarch.apiserver.access;

import org.jspecify.annotations.NullMarked;
