/// Networks of Services, and the addresses that are taken in them.
@NullMarked
package io.navarch.controllers.servicecidr;

import org.jspecify.annotations.NullMarked;
