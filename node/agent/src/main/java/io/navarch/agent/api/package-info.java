/// The node's HTTP API: logs, streams, pods, health and statistics.
///
/// Start with [io.navarch.agent.api.AgentApi].
@NullMarked
package io.navarch.agent.api;

import org.jspecify.annotations.NullMarked;
