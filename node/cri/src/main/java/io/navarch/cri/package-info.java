/// The container runtime: the port that the node agent speaks to ([io.navarch.cri.ContainerRuntime]), its adapter for
/// containerd's socket ([io.navarch.cri.GrpcRuntime], CRI v1), and a twin in memory ([io.navarch.cri.InMemoryRuntime])
/// for tests and hollow nodes. One contract (`RuntimeContract`, among the tests) holds for both.
///
/// Knows no Kubernetes object.
@NullMarked
package io.navarch.cri;

import org.jspecify.annotations.NullMarked;
