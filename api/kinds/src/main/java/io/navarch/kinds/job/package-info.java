/// Jobs: definition, defaults and rules, and in [io.navarch.kinds.job.Jobs] what their fields mean.
@NullMarked
package io.navarch.kinds.job;

import org.jspecify.annotations.NullMarked;
