/// What the command line does with a cluster through its public API alone: kubeconfig files, applying
/// manifests, following rollouts.
///
/// Start with [io.navarch.cli.ManifestApplier].
@NullMarked
package io.navarch.cli;

import org.jspecify.annotations.NullMarked;
