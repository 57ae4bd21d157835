/// What nobody needs any more: images, dead containers and sandboxes, the beginnings of long logs.
///
/// Start with [io.navarch.agent.garbage.ImageGarbage].
@NullMarked
package io.navarch.agent.garbage;

import org.jspecify.annotations.NullMarked;
