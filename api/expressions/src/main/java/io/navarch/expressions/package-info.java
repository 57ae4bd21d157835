/// CEL as Kubernetes speaks it: what expressions can name and call, and what is wrong with one.
@NullMarked
package io.navarch.expressions;

import org.jspecify.annotations.NullMarked;
