/// The node agent: pods and what the runtime has of them in, runtime calls and reports out.
///
/// Decisions are pure ([io.navarch.agent.decide]); workers carry them out ([io.navarch.agent.act]). Start with
/// [io.navarch.agent.NodeAgent].
@NullMarked
package io.navarch.agent;

import org.jspecify.annotations.NullMarked;
