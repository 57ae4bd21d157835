/// The port to servers that answer a part of this API: versions of groups that an APIService hands to them.
///
/// Says what the API server needs to know of them, and nothing of how they are called. Start with
/// [io.navarch.apiserver.delegation.OtherServers].
@NullMarked
package io.navarch.apiserver.delegation;

import org.jspecify.annotations.NullMarked;
