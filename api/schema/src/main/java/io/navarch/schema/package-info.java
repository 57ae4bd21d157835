/// What a kind is ([io.navarch.schema.KindDefinition]) and what can be done with objects by their schema alone:
/// defaulting, pruning, validation, the four patches, managed fields, OpenAPI.
///
/// Knows no kind by name and does no I/O. Start with [io.navarch.schema.Schema] and
/// [io.navarch.schema.KindDefinition].
package io.navarch.schema;
