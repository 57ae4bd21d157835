/// What is answered about the server rather than about objects: discovery, OpenAPI, version, health, metrics.
///
/// Reads definitions of kinds, never objects. Start with [io.navarch.apiserver.discovery.Document].
@NullMarked
package io.navarch.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
