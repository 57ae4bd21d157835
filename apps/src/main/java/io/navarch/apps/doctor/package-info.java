/// Whether a machine is fit to run a cluster, and what to do where it is not: [MachineReader] looks, [Diagnosis]
/// decides.
@NullMarked
package io.navarch.apps.doctor;

import org.jspecify.annotations.NullMarked;
