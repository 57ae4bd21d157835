/// A revisioned key-value log: every write has a revision in one order, every key a history, watches replay the log.
///
/// Knows keys, bytes and revisions, no objects. Start with [io.navarch.store.Store]; [io.navarch.store.EmbeddedStore]
/// is the default, on RocksDB.
@NullMarked
package io.navarch.store;

import org.jspecify.annotations.NullMarked;
