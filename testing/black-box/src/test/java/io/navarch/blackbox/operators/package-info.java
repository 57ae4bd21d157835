/// Programs that black-box tests run in pods: operators as others write them, and the jobs of a chart.
///
/// Start with [io.navarch.blackbox.operators.Keeper].
package io.navarch.blackbox.operators;
