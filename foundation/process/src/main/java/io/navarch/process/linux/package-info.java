/// What a process of Linux needs that Java has nothing for: where its output goes, and telling systemd how it is.
///
/// Start with [io.navarch.process.linux.NotifySocket].
@NullMarked
package io.navarch.process.linux;

import org.jspecify.annotations.NullMarked;
