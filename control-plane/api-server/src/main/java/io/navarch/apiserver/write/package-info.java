/// Create, update, patch, apply, delete and scale. They differ in how they arrive at an object; the stages that it then
/// passes are the same.
///
/// Nothing else in the server changes objects on a client's behalf. Start with
/// [io.navarch.apiserver.write.WritePipeline].
@NullMarked
package io.navarch.apiserver.write;

import org.jspecify.annotations.NullMarked;
