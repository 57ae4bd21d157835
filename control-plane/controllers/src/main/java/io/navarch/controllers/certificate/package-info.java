/// Requests for certificates: approved when they are of the usual kind, signed when approved, removed when old.
@NullMarked
package io.navarch.controllers.certificate;

import org.jspecify.annotations.NullMarked;
