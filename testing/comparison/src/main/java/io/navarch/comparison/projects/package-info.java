/// The custom resources of real projects: their definitions, their samples, and what is made of them, on both servers.
///
/// Start with [io.navarch.comparison.projects.Projects].
@NullMarked
package io.navarch.comparison.projects;

import org.jspecify.annotations.NullMarked;
