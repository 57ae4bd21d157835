/// Endpoints that users write, as EndpointSlices.
@NullMarked
package io.navarch.controllers.endpointslicemirroring;

import org.jspecify.annotations.NullMarked;
