/// Copies of a cluster in files: what it stores, and the keys it rests on. Start at [SnapshotFile].
@NullMarked
package io.navarch.apps.snapshot;

import org.jspecify.annotations.NullMarked;
