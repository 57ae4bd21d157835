/// Evaluates expressions: a tree of steps is planned once, each step counts what it costs as Kubernetes does.
@NullMarked
package io.navarch.expressions.evaluation;

import org.jspecify.annotations.NullMarked;
