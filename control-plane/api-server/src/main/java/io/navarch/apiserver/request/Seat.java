package io.navarch.apiserver.request;

/// A call's place among those that are served at a time. Used by the thread that serves the call.
public interface Seat extends AutoCloseable {
    /// Whoever is never held up has no seat to give back.
    Seat NONE = new Seat() {
        @Override
        public void leave() {}

        @Override
        public void computed() {}

        @Override
        public void aside() {}

        @Override
        public void lend() {}

        @Override
        public void takeBack() {}

        @Override
        public boolean takeAgain() {
            return true;
        }

        @Override
        public void close() {}
    };

    /// Gives the seat to others, while the caller is the one who is waited for, or because the rest costs nothing.
    void leave();

    /// What comes now waits for something else than a processor: the next call may begin meanwhile.
    void computed();

    /// What is left to do takes long, and goes on where only a few such calls compute: they do not count here.
    void aside();

    /// Others may have the seat while the caller waits for somebody who may take long, and who is no caller.
    void lend();

    /// Has the seat again that was lent, without waiting for it.
    void takeBack();

    /// Waits for a seat after having left one.
    ///
    /// @return false when there is none
    boolean takeAgain() throws InterruptedException;

    /// The call has ended.
    @Override
    void close();
}
