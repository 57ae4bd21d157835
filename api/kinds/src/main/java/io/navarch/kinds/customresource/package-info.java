/// CustomResourceDefinitions: definition and rules, above all of the schemas they bring. These schemas are data that
/// clients wrote, and are read as such.
@NullMarked
package io.navarch.kinds.customresource;

import org.jspecify.annotations.NullMarked;
