/// Pods: definition, defaults, rules, printing and admission, and in [io.navarch.kinds.pod.Pods] what their fields
/// mean.
@NullMarked
package io.navarch.kinds.pod;

import org.jspecify.annotations.NullMarked;
