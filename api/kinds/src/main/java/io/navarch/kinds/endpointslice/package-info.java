/// EndpointSlices: definition and rules.
@NullMarked
package io.navarch.kinds.endpointslice;

import org.jspecify.annotations.NullMarked;
