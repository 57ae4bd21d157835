package io.navarch.apiserver.request;

/// A call's place among those that are served at a time. Used by the thread that serves the call.
public interface Seat extends AutoCloseable {
    /// Whoever is never held up has no seat to give back.
    Seat NONE = new Seat() {
        @Override
        public void leave() {}

        @Override
        public boolean takeAgain() {
            return true;
        }

        @Override
        public void close() {}
    };

    /// Gives the seat to others, while the caller is the one who is waited for, or because the rest costs nothing.
    void leave();

    /// Waits for a seat after having left one.
    ///
    /// @return false when there is none
    boolean takeAgain() throws InterruptedException;

    /// The call has ended.
    @Override
    void close();
}
