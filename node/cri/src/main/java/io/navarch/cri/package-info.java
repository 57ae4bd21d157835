/// The container runtime, over the CRI v1 socket of containerd or CRI-O.
///
/// Knows no Kubernetes object. Start with [io.navarch.cri.ContainerRuntime].
package io.navarch.cri;
