package io.navarch.agent.numa;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What containers have been given, and the same on the disk. Guarded by whoever has it.
public final class WrittenState<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WrittenState.class);

    private final String what;
    private final Writer<T> writer;
    private T now;

    /// Writes it down as a whole.
    public interface Writer<T> {
        void write(T state) throws IOException;
    }

    /// @param what it tells, in the log
    /// @throws IOException when it cannot be written down
    public WrittenState(String what, T first, Writer<T> writer) throws IOException {
        this.what = what;
        this.writer = writer;
        now = first;
        writer.write(first);
    }

    public T now() {
        return now;
    }

    /// Somebody is given something, which is written down first: the next agent would give it to somebody else.
    ///
    /// @throws AllocationException when it cannot be, and then nothing is given
    public void give(T next) throws AllocationException {
        try {
            if (!next.equals(now)) writer.write(next);
        } catch (IOException e) {
            throw AllocationException.unexpected(String.valueOf(e.getMessage()));
        }
        now = next;
    }

    /// Somebody has something no more. When that cannot be written down, the next agent takes away again what nobody
    /// has.
    public void take(T next) {
        if (next.equals(now)) return;
        now = next;
        try {
            writer.write(next);
        } catch (IOException e) {
            LOG.warn("{}: {}", what, e.getMessage());
        }
    }
}
