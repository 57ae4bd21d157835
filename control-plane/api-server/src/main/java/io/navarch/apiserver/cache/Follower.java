package io.navarch.apiserver.cache;

/// Somebody who is notified of changes and reads them later, on a thread of its own.
interface Follower {
    /// Which objects concern it; constant.
    Selection selection();

    /// Called under the lock of the change log.
    ///
    /// @param index the change's position in the log
    void changed(Change change, long index);

    /// Wakes it although nothing has changed, so that it notices a shutdown.
    void wake();
}
