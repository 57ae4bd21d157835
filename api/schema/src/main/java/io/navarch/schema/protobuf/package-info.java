/// Kubernetes' protobuf encoding of objects, both ways, driven by message facts instead of generated classes.
package io.navarch.schema.protobuf;
