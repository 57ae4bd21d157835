/// Networks for the pods of each node.
@NullMarked
package io.navarch.controllers.nodeipam;

import org.jspecify.annotations.NullMarked;
