/// Ingress: HTTP routing by host and path to the pods of Services, TLS from Secrets.
///
/// Start with [io.navarch.ingress.RoutingTable], the pure part; [io.navarch.ingress.IngressProxy] serves.
package io.navarch.ingress;
