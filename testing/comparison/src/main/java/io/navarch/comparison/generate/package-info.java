/// Makes calls from the schemas and examples of kinds.
///
/// Start with [io.navarch.comparison.generate.FieldCalls].
@NullMarked
package io.navarch.comparison.generate;

import org.jspecify.annotations.NullMarked;
