/// IngressClass, and the plugin that gives ingresses the default one.
@NullMarked
package io.navarch.kinds.ingressclass;

import org.jspecify.annotations.NullMarked;
