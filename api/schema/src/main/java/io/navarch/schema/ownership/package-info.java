/// Who owns which field: [io.navarch.schema.ownership.ManagedFields] tracks every write and carries out server-side
/// apply.
@NullMarked
package io.navarch.schema.ownership;

import org.jspecify.annotations.NullMarked;
