/// Requests for certificates: approved when they are of the usual kind, signed when approved, removed when old.
package io.navarch.controllers.certificate;
