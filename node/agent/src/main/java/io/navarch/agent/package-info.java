/// The node agent: what pods want and what the runtime has in, runtime actions out.
///
/// Decisions ([io.navarch.agent.PodDecision], [io.navarch.agent.PodStatus]) are pure; workers carry them out. Start
/// with [io.navarch.agent.NodeAgent].
package io.navarch.agent;
