/// FlowSchema, and the flow schemas and priority levels that every cluster has.
@NullMarked
package io.navarch.kinds.flowschema;

import org.jspecify.annotations.NullMarked;
