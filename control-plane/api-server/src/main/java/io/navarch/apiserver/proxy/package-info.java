/// Carries calls on to nodes, pods and services, and splices connections that are upgraded.
///
/// Start with [io.navarch.apiserver.proxy.NodeProxy].
package io.navarch.apiserver.proxy;
