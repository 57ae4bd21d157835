/// How nodes and users become known to a cluster: by tokens, and by certificates that they ask for.
@NullMarked
package io.navarch.join;

import org.jspecify.annotations.NullMarked;
