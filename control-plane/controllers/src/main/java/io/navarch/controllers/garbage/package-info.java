/// Objects whose owners are gone go too.
package io.navarch.controllers.garbage;
