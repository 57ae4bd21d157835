/// PodTemplates: definition.
@NullMarked
package io.navarch.kinds.podtemplate;

import org.jspecify.annotations.NullMarked;
