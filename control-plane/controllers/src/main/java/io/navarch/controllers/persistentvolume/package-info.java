/// Claims find volumes, and volumes claims.
package io.navarch.controllers.persistentvolume;
