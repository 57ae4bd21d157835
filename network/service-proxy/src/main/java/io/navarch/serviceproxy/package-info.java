/// Services and EndpointSlices as nftables: pure translations of one object to a rule set, and a table of all that
/// writes only what an object's change changes.
///
/// Start with [io.navarch.serviceproxy.ProxyRules]; [io.navarch.serviceproxy.ServiceProxy] is the shell.
@NullMarked
package io.navarch.serviceproxy;

import org.jspecify.annotations.NullMarked;
