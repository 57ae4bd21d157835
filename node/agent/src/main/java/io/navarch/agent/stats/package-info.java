/// What a node, its pods and their containers take, read when somebody asks, and the forms in which monitoring wants
/// it.
///
/// Start with [io.navarch.agent.stats.UsageReader].
@NullMarked
package io.navarch.agent.stats;

import org.jspecify.annotations.NullMarked;
