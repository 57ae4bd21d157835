/// Build steps that turn what the official Java client knows of the API's types, and what the kinds' own `overlay.txt`
/// add, into sources and resources below `target/`. Nothing here is part of the distribution.
///
/// Start with [io.navarch.generator.ModelGenerator].
@NullMarked
package io.navarch.generator;

import org.jspecify.annotations.NullMarked;
