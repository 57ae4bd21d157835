/// Jobs that have ended go after a while.
package io.navarch.controllers.ttlafterfinished;
