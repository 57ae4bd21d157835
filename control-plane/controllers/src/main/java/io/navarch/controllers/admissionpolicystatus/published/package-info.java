/// What the server publishes of the kinds that policies name.
@NullMarked
package io.navarch.controllers.admissionpolicystatus.published;

import org.jspecify.annotations.NullMarked;
