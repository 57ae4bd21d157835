/// Services and pods become EndpointSlices and Endpoints.
package io.navarch.controllers.endpoints;
