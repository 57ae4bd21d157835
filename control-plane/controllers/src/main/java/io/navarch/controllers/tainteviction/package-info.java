/// Pods leave nodes whose taints they do not tolerate.
@NullMarked
package io.navarch.controllers.tainteviction;

import org.jspecify.annotations.NullMarked;
