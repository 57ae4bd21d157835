/// ConfigMap, and the rules for keys and sizes that it shares with Secret.
@NullMarked
package io.navarch.kinds.configmap;

import org.jspecify.annotations.NullMarked;
