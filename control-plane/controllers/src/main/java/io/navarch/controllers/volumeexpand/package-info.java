/// Volumes that are to grow.
package io.navarch.controllers.volumeexpand;
