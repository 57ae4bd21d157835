/// Lets deleted volumes, claims and attribute classes go once nothing uses them.
package io.navarch.controllers.protection;
