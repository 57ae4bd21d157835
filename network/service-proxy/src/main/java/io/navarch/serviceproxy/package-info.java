/// Services and EndpointSlices as nftables: a pure translation to a rule set, and the difference to the one before.
///
/// Start with [io.navarch.serviceproxy.ProxyRules]; [io.navarch.serviceproxy.ServiceProxy] is the shell.
package io.navarch.serviceproxy;
