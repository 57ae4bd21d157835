/// Lease: heartbeats of nodes, and leader election.
@NullMarked
package io.navarch.kinds.lease;

import org.jspecify.annotations.NullMarked;
