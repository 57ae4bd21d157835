/// Claims of volumes that live as long as their pod.
package io.navarch.controllers.ephemeralvolume;
