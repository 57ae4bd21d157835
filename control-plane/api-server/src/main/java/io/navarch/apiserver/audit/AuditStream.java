package io.navarch.apiserver.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/// Events that somebody else keeps, such as whoever reads what this process prints.
public final class AuditStream implements AuditSink {
    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();

    /// @param out stays open
    public AuditStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(byte[] line) throws IOException {
        lock.lock();
        try {
            out.write(line);
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {}
}
