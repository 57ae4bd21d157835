/// Pods that nobody will ever finish are removed.
package io.navarch.controllers.podgc;
