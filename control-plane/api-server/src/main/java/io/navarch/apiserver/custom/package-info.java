/// CustomResourceDefinitions become kinds while the server runs.
///
/// Makes definitions; serving them is left to the same handlers that serve built-in kinds. Start with
/// [io.navarch.apiserver.custom.CustomResources].
@NullMarked
package io.navarch.apiserver.custom;

import org.jspecify.annotations.NullMarked;
