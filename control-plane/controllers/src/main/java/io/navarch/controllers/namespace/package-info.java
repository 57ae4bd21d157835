/// A namespace that is deleted is emptied first.
package io.navarch.controllers.namespace;
