/// Programs of the node that know how to log in at registries.
///
/// Start with [io.navarch.agent.credentials.NodeCredentials].
@NullMarked
package io.navarch.agent.credentials;

import org.jspecify.annotations.NullMarked;
