/// The API under load, by its own interface only, so that any API server can be measured:
/// [io.navarch.benchmarks.api.Main]
/// takes a kubeconfig and the names of parts.
package io.navarch.benchmarks.api;
