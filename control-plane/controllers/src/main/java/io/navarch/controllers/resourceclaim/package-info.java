/// Claims of devices that pods bring along, and who has reserved them.
package io.navarch.controllers.resourceclaim;
