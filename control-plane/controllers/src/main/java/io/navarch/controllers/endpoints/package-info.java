/// A Service's pods as EndpointSlices and as Endpoints.
///
/// Start with [io.navarch.controllers.endpoints.EndpointSliceController]; its decisions are made from
/// [io.navarch.controllers.endpoints.ServiceBackends].
@NullMarked
package io.navarch.controllers.endpoints;

import org.jspecify.annotations.NullMarked;
