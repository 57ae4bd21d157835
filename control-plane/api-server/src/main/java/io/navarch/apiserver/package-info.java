/// The request pipeline of the Kubernetes API: a visible list of stages from route to encode, the watch caches that
/// answer reads from encoded objects, discovery, OpenAPI and custom resources.
///
/// Knows no kind by name except those that make the machinery itself (CRDs, RBAC objects, the subresources wired by
/// name in `apps`). Start with [io.navarch.apiserver.ApiServer] and its list of stages.
package io.navarch.apiserver;
