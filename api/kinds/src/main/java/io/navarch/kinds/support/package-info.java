/// What the definitions of many kinds are written with: checks in Kubernetes' words, shared columns, conditions, and
/// the names of resources. Knows no kind.
@NullMarked
package io.navarch.kinds.support;

import org.jspecify.annotations.NullMarked;
