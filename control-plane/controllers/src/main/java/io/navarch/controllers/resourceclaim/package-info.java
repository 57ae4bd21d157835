/// Claims of devices that pods bring along, and who has reserved them.
@NullMarked
package io.navarch.controllers.resourceclaim;

import org.jspecify.annotations.NullMarked;
