/// What a namespace holds, of every resource that is served.
@NullMarked
package io.navarch.controllers.namespace.contents;

import org.jspecify.annotations.NullMarked;
