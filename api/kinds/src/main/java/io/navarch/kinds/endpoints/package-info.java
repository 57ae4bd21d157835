/// Endpoints: definition and rules.
@NullMarked
package io.navarch.kinds.endpoints;

import org.jspecify.annotations.NullMarked;
