/// Ingress: HTTP routing by host and path to the pods of Services, TLS from Secrets.
///
/// Start with [io.navarch.ingress.RoutingTable], the pure part; [io.navarch.ingress.IngressProxy] serves.
@NullMarked
package io.navarch.ingress;

import org.jspecify.annotations.NullMarked;
