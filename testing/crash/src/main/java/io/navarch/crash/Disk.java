package io.navarch.crash;

import java.io.IOException;
import java.nio.file.Path;

/// Where a server keeps its data, and what becomes of that when it dies.
interface Disk extends AutoCloseable {
    /// Where the data are.
    Path data();

    /// Begins with nothing.
    void clear() throws IOException, InterruptedException;

    /// The power goes: what has not reached the device by now never will. Does nothing where there is power for ever.
    void cut() throws IOException, InterruptedException;

    /// What is there when the power comes back; nobody uses the data meanwhile.
    void restore() throws IOException, InterruptedException;

    @Override
    void close() throws IOException, InterruptedException;
}
