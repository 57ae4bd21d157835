/// Images on this machine and the containerd that runs them: recipes, Dockerfiles and archives fill the store,
/// containerd pulls from it.
///
/// Start with [io.navarch.images.ImageStore].
@NullMarked
package io.navarch.images;

import org.jspecify.annotations.NullMarked;
