/// Certificates by which nodes show who they are, where the administrator has said that nodes are to be believed.
@NullMarked
package io.navarch.controllers.servingapprover;

import org.jspecify.annotations.NullMarked;
