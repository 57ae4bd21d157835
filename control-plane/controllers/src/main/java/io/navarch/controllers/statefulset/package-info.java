/// StatefulSets keep pods with numbers, names and claims of their own.
@NullMarked
package io.navarch.controllers.statefulset;

import org.jspecify.annotations.NullMarked;
