/// Tells of each FlowSchema whether its priority level is there.
@NullMarked
package io.navarch.controllers.flowschema;

import org.jspecify.annotations.NullMarked;
