/// Kubernetes' protobuf encoding of objects, both ways, driven by message facts instead of generated classes.
@NullMarked
package io.navarch.schema.protobuf;

import org.jspecify.annotations.NullMarked;
