/// Who owns which field: [io.navarch.schema.ownership.ManagedFields] tracks every write and carries out server-side
/// apply.
package io.navarch.schema.ownership;
