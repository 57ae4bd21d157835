/// What the command line does with a cluster, through its public API only: apply manifests, follow rollouts.
///
/// Start with [io.navarch.cli.ManifestApplier].
package io.navarch.cli;
