/// What answering a certificate request takes beside the caches: an access review and the authority's key.
@NullMarked
package io.navarch.controllers.certificate.signing;

import org.jspecify.annotations.NullMarked;
