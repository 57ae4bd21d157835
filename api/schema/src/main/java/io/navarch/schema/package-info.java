/// What a kind is: [io.navarch.schema.KindDefinition] is all the API server knows of one.
///
/// Below it, one package for each thing that can be done with an object by its schema alone: `types` (the schema
/// itself), `walk` (defaults, pruning, validation), `patch`, `ownership` (managed fields), `protobuf`; `admission` is
/// the port through which kinds refuse or complete a write. Nothing here knows a kind by name or does any I/O.
@NullMarked
package io.navarch.schema;

import org.jspecify.annotations.NullMarked;
