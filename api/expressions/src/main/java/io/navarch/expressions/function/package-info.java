/// What expressions can call: CEL's own functions and those that Kubernetes adds to it, a class for each library.
@NullMarked
package io.navarch.expressions.function;

import org.jspecify.annotations.NullMarked;
