/// The decide/act kit: a controller observes, decides as a pure function, and a small shell carries out its actions.
///
/// Start with [io.navarch.reconcile.Controller]; [io.navarch.reconcile.ControllerRunner] is the shell.
@NullMarked
package io.navarch.reconcile;

import org.jspecify.annotations.NullMarked;
