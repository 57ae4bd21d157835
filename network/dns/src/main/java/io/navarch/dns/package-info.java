/// Cluster DNS: names of Services and pods, everything else forwarded.
///
/// Start with [io.navarch.dns.ClusterZone], the pure part; [io.navarch.dns.DnsServer] answers on the network.
@NullMarked
package io.navarch.dns;

import org.jspecify.annotations.NullMarked;
