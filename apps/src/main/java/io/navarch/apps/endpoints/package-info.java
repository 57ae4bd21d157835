/// The ports on which scrapers and probes look for the parts that are not the API server.
///
/// Start with [io.navarch.apps.endpoints.Endpoints].
@NullMarked
package io.navarch.apps.endpoints;

import org.jspecify.annotations.NullMarked;
