/// Endpoints that users write, as EndpointSlices.
package io.navarch.controllers.endpointslicemirroring;
