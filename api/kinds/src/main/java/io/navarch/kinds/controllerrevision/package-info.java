/// ControllerRevision: templates that DaemonSets and StatefulSets can be rolled back to.
@NullMarked
package io.navarch.kinds.controllerrevision;

import org.jspecify.annotations.NullMarked;
