/// Carries calls on to nodes, pods and services, and splices connections that are upgraded.
///
/// Is told where to; decides nothing. Start with [io.navarch.apiserver.proxy.Forwarder].
@NullMarked
package io.navarch.apiserver.proxy;

import org.jspecify.annotations.NullMarked;
