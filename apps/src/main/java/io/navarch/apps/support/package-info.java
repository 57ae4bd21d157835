/// What a helper needs to know of a cluster, with all that is secret left out.
@NullMarked
package io.navarch.apps.support;

import org.jspecify.annotations.NullMarked;
